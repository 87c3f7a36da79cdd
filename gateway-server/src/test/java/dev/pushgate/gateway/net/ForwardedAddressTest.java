package dev.pushgate.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.NetUtil;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What proxies write into `X-Forwarded-For`.
class ForwardedAddressTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      value = {
        "203.0.113.1, 203.0.113.1",
        "203.0.113.1:4711, 203.0.113.1",
        "\"203.0.113.1:4711\", 203.0.113.1",
        "\"203.0.113.1\", 203.0.113.1",
        "2001:db8::1, 2001:db8::1",
        "2001:db8::1:4711, 2001:db8::1:4711",
        "[2001:db8::1], 2001:db8::1",
        "[2001:db8::1]:4711, 2001:db8::1",
        "\"[2001:db8::1]:4711\", 2001:db8::1",
        "fe80::1%eth0, fe80::1",
        "[fe80::1%25eth0]:80, fe80::1",
        "[fe80::1%eth0], fe80::1",
        "[203.0.113.1]:4711, 203.0.113.1",
        "::ffff:203.0.113.1, ::ffff:cb00:7101",
        "'  203.0.113.1:4711  ', 203.0.113.1",
      })
  void portsQuotesAndZonesAreCutOff(String entry, String address) {
    byte[] expected = NetUtil.createByteArrayFromIpAddressString(address);
    assertThat(ForwardedAddress.in(entry)).isEqualTo(expected).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "unknown",
        "_hidden",
        "example.com",
        "example.com:80",
        "1.2.3",
        "1.2.3.4:",
        "\"",
        "1.2.3.4:port",
        "1.2.3.4:80:80",
        "256.1.1.1",
        "[2001:db8::1",
        "2001:db8::1]",
        "[]",
        "[]:80",
        "[2001:db8::1]x",
        "[2001:db8::1]:",
        "[2001:db8::1]:x",
        "[[::1]]",
        "\"1.2.3.4",
        "1.2.3.4\"",
        "%eth0",
        "fe80::1%",
        "1.2.3.4%eth0",
        "for=1.2.3.4",
        "1.2.3.4;1.2.3.5",
        ":80",
        "<script>",
      })
  void whatIsNoAddressIsNone(String entry) {
    assertThat(ForwardedAddress.in(entry)).isNull();
  }
}
