package dev.pushgate.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.core.outcome.CloseReason;
import dev.pushgate.gateway.net.websocket.ClientBytes;
import dev.pushgate.gateway.testing.NoLeaks;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/// RFC 6455, and what a text may be, on a real socket.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(NoLeaks.class)
class SocketRulesTest {
  private TestGateway gateway;

  @BeforeAll
  void start() {
    gateway = new TestGateway();
  }

  @AfterAll
  void stop() {
    gateway.close();
  }

  @Test
  void framesThatBreakTheRulesCloseWith1002() {
    byte[][] broken = {
      new ClientBytes().raw(0x81, 0x02, 'h', 'i').bytes(),
      new ClientBytes().frame(0xC1, new byte[2]).bytes(),
      new ClientBytes().frame(0x83, new byte[2]).bytes(),
      new ClientBytes().frame(0x8B, new byte[2]).bytes(),
      new ClientBytes().frame(0x09, new byte[2]).bytes(),
      new ClientBytes().frame(0x89, new byte[65 * 1024]).bytes(),
      new ClientBytes().frame(0x80, new byte[2]).bytes(),
      new ClientBytes().frame(0x01, new byte[2]).frame(0x81, new byte[2]).bytes(),
      new ClientBytes().raw(0x81, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0).bytes(),
      new ClientBytes().frame(0x88, new byte[1]).bytes(),
      new ClientBytes().close(1005, "").bytes()
    };
    for (byte[] frames : broken) {
      closesWith(frames, "close 1002 malformed WebSocket frame");
    }
  }

  @Test
  void textThatIsNotUtf8ClosesWith1007() {
    closesWith(
        new ClientBytes().frame(0x81, new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80}).bytes(),
        "close 1007 text is not valid UTF-8");
    closesWith(
        new ClientBytes()
            .frame(0x01, new byte[] {(byte) 0xE2})
            .frame(0x80, new byte[] {'a'})
            .bytes(),
        "close 1007 text is not valid UTF-8");
  }

  @Test
  void aFrameOverTheLimitIsToldAndTheConnectionStays() {
    try (SocketClient client = gateway.connect()) {
      for (int i = 0; i < 3; i++) {
        client.send(new ClientBytes().text("x".repeat(65_537 + i * 400_000)).bytes());
        assertThat(client.next())
            .isEqualTo(
                "{\"type\":\"error\",\"error\":\"A frame must be at most 65536 bytes\","
                    + "\"code\":\"PAYLOAD_TOO_LARGE\"}");
      }
      client.subscribe("ab");
    }
  }

  @Test
  void aFrameFarOverTheLimitClosesWith1009AlsoWhileItIsStillComing() {
    closesWith(
        new ClientBytes().text("x".repeat(4 << 20)).bytes(),
        "close 1009 frame larger than the limit");
    closesWith(
        new ClientBytes().header(0x81, 1L << 40).bytes(), "close 1009 frame larger than the limit");
  }

  @Test
  void aKeyTwiceOrTooDeepNestingIsToldAndTheConnectionStays() {
    try (SocketClient client = gateway.connect()) {
      for (int i = 0; i < 4; i++) {
        client.text("{\"type\":\"ping\",\"type\":\"ping\"}");
        assertThat(client.next())
            .isEqualTo(
                "{\"type\":\"error\",\"error\":\"The frame is not valid JSON: the key"
                    + " \\\"type\\\" appears twice\",\"code\":\"INVALID_JSON\"}");
        client.text("{\"x\":" + "[".repeat(500) + "]".repeat(500) + "}");
        assertThat(client.next()).contains("nested deeper than 500", "\"code\":\"INVALID_JSON\"");
      }
      client.subscribe("ab");
    }
  }

  @Test
  void aBinaryMessageClosesWith4004() {
    closesWith(new ClientBytes().frame(0x82, new byte[5]).bytes(), "close 4004 protocol error");
  }

  private void closesWith(byte[] frames, String close) {
    try (SocketClient client = gateway.connect()) {
      client.trySend(frames);
      assertThat(client.next()).isEqualTo(close);
      assertThat(client.next()).isEqualTo("end");
    }
  }

  @Test
  void aPingIsAnsweredWithItsPayloadAlsoBetweenFragments() {
    try (SocketClient client = gateway.connect()) {
      byte[] command = "{\"type\":\"ping\"}".getBytes(StandardCharsets.UTF_8);
      byte[] end = Arrays.copyOfRange(command, 5, command.length);
      client.send(
          new ClientBytes()
              .frame(0x01, Arrays.copyOf(command, 5))
              .ping("p".repeat(125))
              .frame(0x80, end)
              .ping("")
              .bytes());
      assertThat(client.next()).isEqualTo("pong " + "p".repeat(125));
      assertThat(client.next()).isEqualTo("{\"type\":\"pong\"}");
      assertThat(client.next()).isEqualTo("pong");
    }
  }

  @Test
  void aCloseIsAnsweredWithItsCodeAndEndsTheConnection() {
    long before = gateway.closed(CloseReason.NORMAL);
    try (SocketClient client = gateway.connect()) {
      client.send(new ClientBytes().close(3999, "bye").text("{\"type\":\"ping\"}").bytes());
      assertThat(client.next()).isEqualTo("close 3999");
      assertThat(client.next()).isEqualTo("end");
    }
    try (SocketClient client = gateway.connect()) {
      client.send(new ClientBytes().frame(0x88, new byte[0]).bytes());
      assertThat(client.next()).isEqualTo("close");
      assertThat(client.next()).isEqualTo("end");
    }
    await().until(() -> gateway.closed(CloseReason.NORMAL) == before + 2);
  }

  @Test
  void aCutConnectionIsForgotten() {
    long before = gateway.closed(CloseReason.CONNECTION_LOST);
    SocketClient client = gateway.connect();
    client.subscribe("c");
    client.send(new byte[] {(byte) 0x81});
    client.close();
    await().until(() -> gateway.closed(CloseReason.CONNECTION_LOST) == before + 1);
  }

  @Test
  void aFrameThatComesWithTheHandshakeIsNotLost() {
    try (SocketClient client = new SocketClient(gateway.port)) {
      String head =
          "GET /ws?token="
              + gateway.publishKey.reveal()
              + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
              + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
              + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
      byte[] frame = new ClientBytes().text("{\"type\":\"ping\"}").bytes();
      byte[] start = head.getBytes(StandardCharsets.ISO_8859_1);
      byte[] both = Arrays.copyOf(start, start.length + frame.length);
      System.arraycopy(frame, 0, both, start.length, frame.length);
      client.send(both);
      assertThat(client.request("")).startsWith("http/1.1 101 ");
      assertThat(client.next()).contains("connected");
      assertThat(client.next()).isEqualTo("{\"type\":\"pong\"}");
    }
  }
}
