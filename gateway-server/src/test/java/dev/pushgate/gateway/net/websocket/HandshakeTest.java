package dev.pushgate.gateway.net.websocket;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The opening handshake against RFC 6455, sections 4.1, 4.2 and 11.3.
class HandshakeTest {
  private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
  private static final String DATE = "Mon, 02 Nov 2026 03:04:05 GMT";

  @Test
  void theExampleOfTheRfcIsAnsweredAsThere() {
    HttpRequest request = request();
    request.headers().add("sec-websocket-protocol", "chat, superchat");
    Handshake handshake = Handshake.of(request);
    assertThat(handshake.refusal()).isNull();
    assertThat(new String(handshake.switchingProtocols("r1", DATE), US_ASCII))
        .isEqualTo(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
                + "Date: Mon, 02 Nov 2026 03:04:05 GMT\r\nX-Request-Id: r1\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "dGhlIHNhbXBsZSBub25jZQ",
        "dGhlIHNhbXBsZSBub25jZQ=",
        "dGhlIHNhbXBsZSBub25jZQ===",
        "dGhlIHNhbXBsZSBub25jZTE=",
        "dGhlIHNhbXBsZSBub25jZTEy",
        "dGhlIHNhbXBsZSBub25j_Q==",
        "dGhl IHNhbXBsZSBub25jZQ==",
        "========================",
      })
  void aKeyThatIsNot16BytesInBase64WithPaddingIsRefused(String key) {
    HttpRequest request = request();
    request.headers().set("sec-websocket-key", key);
    expect400(request);
  }

  @Test
  void twoKeysAreRefusedAlsoWhenTheyAreTheSame() {
    HttpRequest request = request();
    request.headers().add("sec-websocket-key", KEY);
    expect400(request);
  }

  @ParameterizedTest
  @ValueSource(strings = {"8", "13"})
  void twoVersionsAreRefused(String second) {
    HttpRequest request = request();
    request.headers().add("sec-websocket-version", second);
    expect400(request);
  }

  @ParameterizedTest
  @ValueSource(strings = {"8", "013", "13, 8", "x", ""})
  void otherVersionsAreToldWhichOneIsSpoken(String version) {
    HttpRequest request = request();
    request.headers().set("sec-websocket-version", version);
    HttpRefusal refusal = Handshake.of(request).refusal();
    assertThat(refusal).isEqualTo(HttpRefusal.UPGRADE_REQUIRED);
    assertThat(new String(HttpRefusal.UPGRADE_REQUIRED.bytes("r1", DATE), US_ASCII))
        .startsWith("HTTP/1.1 426 ")
        .contains(
            "\r\nSec-WebSocket-Version: 13\r\n",
            "\r\nDate: Mon, 02 Nov 2026 03:04:05 GMT\r\n",
            "\r\nCache-Control: no-store\r\n");
  }

  private static void expect400(HttpRequest request) {
    HttpRefusal refusal = Handshake.of(request).refusal();
    assertThat(refusal).isNotNull();
    assertThat(refusal.statusCode()).isEqualTo(400);
  }

  private static HttpRequest request() {
    HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/ws");
    request
        .headers()
        .add("upgrade", "websocket")
        .add("connection", "keep-alive, Upgrade")
        .add("sec-websocket-version", "13")
        .add("sec-websocket-key", KEY);
    return request;
  }
}
