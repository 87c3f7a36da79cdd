package dev.pushgate.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.auth.Permission;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.outcome.CloseReason;
import dev.pushgate.gateway.net.AddressGuard;
import dev.pushgate.gateway.net.loop.Transport;
import dev.pushgate.gateway.testing.NoLeaks;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class WebSocketGateTest {
  @Test
  void theHandshakeIsAnsweredAsTheRfcHasIt() {
    try (TestGateway gateway = new TestGateway();
        SocketClient client = new SocketClient(gateway.port)) {
      String answer =
          client.request(
              "GET /ws?token="
                  + gateway.publishKey.reveal()
                  + " HTTP/1.1\r\nHost: x\r\nUpgrade: WebSocket\r\nConnection: upgrade\r\n"
                  + "Sec-WebSocket-Version: 13\r\nX-Request-Id: mine\r\n"
                  + "Sec-WebSocket-Extensions: permessage-deflate\r\n"
                  + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
      assertThat(answer)
          .startsWith("http/1.1 101 ")
          .contains("\r\nsec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=\r\n")
          .contains("\r\nupgrade: websocket\r\n")
          .contains("\r\nconnection: upgrade\r\n")
          .contains("\r\nx-request-id: mine\r\n")
          .doesNotContain("sec-websocket-extensions");
    }
  }

  @Test
  void whatIsNoHandshakeGetsAnHttpAnswer() {
    try (TestGateway gateway = new TestGateway()) {
      String key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
      String version = "Sec-WebSocket-Version: 13\r\n";
      assertThat(upgrade(gateway, key))
          .startsWith("http/1.1 426 ")
          .contains("\r\nsec-websocket-version: 13\r\n")
          .contains("\r\nupgrade: websocket\r\n")
          .contains("\r\nconnection: upgrade\r\n");
      assertThat(upgrade(gateway, key + "Sec-WebSocket-Version: 8\r\n"))
          .startsWith("http/1.1 426 ");
      assertThat(upgrade(gateway, version)).startsWith("http/1.1 400 ");
      assertThat(upgrade(gateway, version + "Sec-WebSocket-Key: AAAA\r\n"))
          .startsWith("http/1.1 400 ");
      assertThat(upgrade(gateway, version + "Sec-WebSocket-Key: !\r\n"))
          .startsWith("http/1.1 400 ");
      assertThat(gateway.open()).isZero();
      assertThat(gateway.httpRefusals).containsExactly(426, 426, 400, 400, 400);
    }
  }

  private static String upgrade(TestGateway gateway, String headers) {
    try (SocketClient client = new SocketClient(gateway.port)) {
      return client.request(
          "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              + headers
              + "\r\n");
    }
  }

  @Test
  void whoShowsNothingOrSomethingBadIsUpgradedToldAndClosed() {
    try (TestGateway gateway = new TestGateway()) {
      gateway.revokePublishKey();
      assertThat(told(gateway, "/ws")).contains("\"code\":\"UNAUTHORIZED\"");
      assertThat(told(gateway, "/ws?token=")).contains("\"code\":\"UNAUTHORIZED\"");
      assertThat(told(gateway, "/ws?token=pub_unknown")).contains("\"code\":\"INVALID_TOKEN\"");
      assertThat(told(gateway, "/ws?token=a.b.c")).contains("\"code\":\"INVALID_TOKEN\"");
      assertThat(told(gateway, "/ws?token=" + gateway.publishKey.reveal()))
          .contains("\"code\":\"INVALID_TOKEN\"");
      assertThat(gateway.turnedAway(CloseReason.UNAUTHORIZED)).isEqualTo(5);
      assertThat(gateway.open()).isZero();
    }
  }

  private static String told(TestGateway gateway, String target) {
    try (SocketClient client = new SocketClient(gateway.port)) {
      assertThat(client.handshake(target)).startsWith("http/1.1 101 ");
      String error = client.next();
      assertThat(client.next()).isEqualTo("close 4001 unauthorized or invalid token");
      assertThat(client.next()).isEqualTo("end");
      return error;
    }
  }

  @Test
  void aCredentialIsTakenFromTheQueryOrTheHeader() {
    try (TestGateway gateway = new TestGateway()) {
      String key = gateway.publishKey.reveal();
      assertThat(hello(gateway, "/ws", "Authorization: Bearer " + key)).contains("connected");
      assertThat(hello(gateway, "/ws", "Authorization: bearer  " + key)).contains("connected");
      assertThat(hello(gateway, "/ws?x=1&token=" + key.replace("_", "%5F") + "&token=bad"))
          .contains("connected");
      assertThat(hello(gateway, "/ws?token=bad&token=" + key)).contains("INVALID_TOKEN");
      String token = gateway.token("*", Permission.SUBSCRIBE);
      assertThat(hello(gateway, "/ws?token=" + token)).contains("\"clientId\":\"me\"");
      assertThat(hello(gateway, "/ws?token=pub_" + token)).contains("\"clientId\":\"me\"");
      assertThat(hello(gateway, "/ws?token=" + key))
          .isNotEqualTo(hello(gateway, "/ws?token=" + key));
    }
  }

  private static String hello(TestGateway gateway, String target, String... headers) {
    try (SocketClient client = new SocketClient(gateway.port)) {
      assertThat(client.handshake(target, headers)).startsWith("http/1.1 101 ");
      return client.next();
    }
  }

  @Test
  void aPageOfAForeignOriginIsToldAndClosed() {
    try (TestGateway gateway = new TestGateway();
        SocketClient foreign = new SocketClient(gateway.port)) {
      gateway.setApp(List.of("https://ours.example"), true);
      String target = "/ws?token=" + gateway.publishKey.reveal();
      foreign.handshake(target, "Origin: https://theirs.example");
      assertThat(foreign.next()).contains("\"code\":\"FORBIDDEN\"");
      assertThat(foreign.next()).isEqualTo("close 4003 forbidden");
      assertThat(hello(gateway, target, "Origin: https://ours.example")).contains("connected");
      assertThat(hello(gateway, target)).contains("connected");
    }
  }

  @Test
  void whatFailsTooOftenGets429BeforeTheUpgradeAndAGoodKeyOfTheSameAddressComesIn() {
    AddressGuard guard = new AddressGuard(1, 3, 100, () -> 0);
    try (TestGateway gateway = new TestGateway(TestLimits.GENEROUS, Transport.NIO, guard)) {
      for (int i = 0; i < 3; i++) {
        assertThat(told(gateway, "/ws?token=bad")).contains("INVALID_TOKEN");
      }
      try (SocketClient client = new SocketClient(gateway.port)) {
        assertThat(client.handshake("/ws?token=bad"))
            .startsWith("http/1.1 429 ")
            .contains("\r\nretry-after: ");
      }
      assertThat(gateway.httpRefusals).containsExactly(429);
      gateway.connect().close();
    }
  }

  @Test
  void overTheAppsLimitIsToldInsteadOfConnected() {
    SessionLimits limits =
        new SessionLimits(
            TestLimits.INBOUND,
            TestLimits.OUTBOUND,
            TestLimits.TIMES,
            new SessionLimits.Room(2, 0),
            TestLimits.SENDING);
    try (TestGateway gateway = new TestGateway(limits);
        SocketClient first = gateway.connect();
        SocketClient second = gateway.connect();
        SocketClient third = new SocketClient(gateway.port)) {
      third.handshake("/ws?token=" + gateway.publishKey.reveal());
      assertThat(third.next()).contains("\"code\":\"QUOTA_EXCEEDED\"");
      assertThat(third.next()).isEqualTo("close 4100 over the connection limit");
      first.close();
      await().until(() -> gateway.places.of(AppId.DEFAULT) == 1);
      gateway.connect().close();
      second.subscribe("c");
    }
  }

  @Test
  void anAddressHasOnlyAsManySessionsAsItMay() {
    SessionLimits limits =
        new SessionLimits(
            TestLimits.INBOUND,
            TestLimits.OUTBOUND,
            TestLimits.TIMES,
            new SessionLimits.Room(0, 1),
            TestLimits.SENDING);
    try (TestGateway gateway = new TestGateway(limits);
        SocketClient first = gateway.connect();
        SocketClient second = new SocketClient(gateway.port)) {
      second.handshake("/ws?token=" + gateway.publishKey.reveal());
      assertThat(second.next()).contains("\"code\":\"QUOTA_EXCEEDED\"");
      assertThat(second.next()).isEqualTo("close 4100 over the connection limit");
      first.close();
      await().until(() -> gateway.places.of(AppId.DEFAULT) == 0);
      gateway.connect().subscribe("c");
    }
  }
}
