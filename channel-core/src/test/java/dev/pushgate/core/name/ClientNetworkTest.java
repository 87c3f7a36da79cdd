package dev.pushgate.core.name;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClientNetworkTest {
  @Test
  void anIpv4AddressCountsByItself() {
    assertThat(ClientNetwork.of("192.0.2.1")).isEqualTo("192.0.2.1");
  }

  @Test
  void anIpv6AddressCountsByItsNetwork() {
    assertThat(ClientNetwork.of("2001:db8::1"))
        .isEqualTo(ClientNetwork.of("2001:db8:0:0:ffff::"))
        .isEqualTo("20010db800000000");
    assertThat(ClientNetwork.of("2001:db8:0:1::1")).isEqualTo("20010db800000001");
  }

  @Test
  void whatIsNoAddressIsTakenAsItIs() {
    assertThat(ClientNetwork.of("unknown")).isEqualTo("unknown");
    assertThat(ClientNetwork.of("a:b")).isEqualTo("a:b");
    assertThat(ClientNetwork.of("::ffff:192.0.2.1")).isEqualTo("::ffff:192.0.2.1");
  }
}
