package dev.pushgate.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.auth.TokenRequest;
import dev.pushgate.gateway.testing.NoLeaks;
import dev.pushgate.gateway.testing.SettableClock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// When a session ends, and is told so, with its first token and once it has another. Its pings
/// tell that it has been looked at since the clock was moved.
@ExtendWith(NoLeaks.class)
class SessionRenewedTimeTest {
  private static final String EXPIRING = "{\"type\":\"token_expiring\"}";
  private static final String CLOSED = "close 4010 token or key expired or revoked";
  private static final SessionLimits.Times LOOKED_AT_OFTEN =
      new SessionLimits.Times(
          Duration.ofMillis(200),
          Duration.ofMinutes(10),
          Duration.ofSeconds(5),
          TestLimits.TURNS,
          TestLimits.LEAVING,
          TestLimits.MESSAGE);

  private final SettableClock clock = new SettableClock();
  private final TestGateway gateway = new TestGateway(TestLimits.with(LOOKED_AT_OFTEN), clock);

  @AfterEach
  void stop() {
    gateway.close();
  }

  private static String token(TestGateway gateway, Duration ttl) {
    return gateway.token(new TokenRequest("me", "ann", ttl, null, null));
  }

  private SocketClient connect(Duration ttl) {
    return gateway.connect(token(gateway, ttl));
  }

  /// The next frame that is no ping, within some seconds of pings.
  private static String told(SocketClient client) {
    String frame = client.next();
    for (int pings = 0; frame.equals("ping") && pings < 30; pings++) {
      frame = client.next();
    }
    return frame;
  }

  private static void renew(SocketClient client, String token) {
    client.text("{\"type\":\"auth\",\"token\":\"" + token + "\"}");
    assertThat(told(client)).startsWith("{\"type\":\"authenticated\"");
  }

  /// Time passes, and the session is looked at and told nothing.
  private void isQuietAfter(Duration time, SocketClient client) {
    clock.advance(time);
    for (int i = 0; i < 3; i++) {
      assertThat(client.next()).isEqualTo("ping");
    }
  }

  private static void ends(SocketClient client) {
    assertThat(told(client)).contains("\"code\":\"INVALID_TOKEN\"");
    assertThat(client.next()).isEqualTo(CLOSED);
  }

  @Test
  void theBearerOfATokenIsToldThirtySecondsBeforeItsEndAndOnce() {
    try (SocketClient client = connect(Duration.ofMinutes(2))) {
      isQuietAfter(Duration.ofSeconds(85), client);
      clock.advance(Duration.ofSeconds(5));
      assertThat(told(client)).isEqualTo(EXPIRING);
      isQuietAfter(Duration.ofSeconds(20), client);
    }
  }

  /// Else its bearer would get another such for it at once, and again, without end.
  @Test
  void theBearerOfAShortTokenIsToldHalfwayToItsEnd() {
    for (int seconds : new int[] {10, 30, 40}) {
      try (SocketClient client = connect(Duration.ofSeconds(seconds))) {
        isQuietAfter(Duration.ofSeconds(seconds / 2 - 2), client);
        clock.advance(Duration.ofSeconds(2));
        assertThat(told(client)).isEqualTo(EXPIRING);
      }
    }
  }

  @Test
  void aRenewedSessionPassesItsOldEndIsWarnedAgainAndEndsWithTheNewToken() {
    try (SocketClient client = connect(Duration.ofMinutes(2))) {
      clock.advance(Duration.ofSeconds(100));
      assertThat(told(client)).isEqualTo(EXPIRING);
      renew(client, token(gateway, Duration.ofMinutes(5)));
      isQuietAfter(Duration.ofSeconds(260), client);
      clock.advance(Duration.ofSeconds(20));
      assertThat(told(client)).isEqualTo(EXPIRING);
      isQuietAfter(Duration.ofSeconds(10), client);
      clock.advance(Duration.ofSeconds(20));
      ends(client);
    }
  }

  @Test
  void aNewTokenThatEndsEarlierEndsTheSessionEarlier() {
    try (SocketClient client = connect(Duration.ofHours(1))) {
      renew(client, token(gateway, Duration.ofMinutes(2)));
      isQuietAfter(Duration.ofSeconds(80), client);
      clock.advance(Duration.ofSeconds(20));
      assertThat(told(client)).isEqualTo(EXPIRING);
      clock.advance(Duration.ofSeconds(30));
      ends(client);
    }
  }

  @Test
  void theEarlierEndIsMetWithoutAnybodyLooking() {
    try (TestGateway quiet = new TestGateway();
        SocketClient client = quiet.connect(token(quiet, Duration.ofHours(1)))) {
      renew(client, token(quiet, Duration.ofSeconds(3)));
      assertThat(client.next()).isEqualTo(EXPIRING);
      ends(client);
    }
  }

  @Test
  void aTokenWithLittleTimeLeftIsNotAskedToBeRenewedAtOnceNorTwice() {
    try (SocketClient client = connect(Duration.ofSeconds(20))) {
      isQuietAfter(Duration.ofSeconds(8), client);
      clock.advance(Duration.ofSeconds(2));
      assertThat(told(client)).isEqualTo(EXPIRING);
      renew(client, token(gateway, Duration.ofSeconds(25)));
      isQuietAfter(Duration.ofSeconds(10), client);
      clock.advance(Duration.ofSeconds(3));
      assertThat(told(client)).isEqualTo(EXPIRING);
      renew(client, token(gateway, Duration.ofSeconds(12)));
      isQuietAfter(Duration.ofSeconds(10), client);
      clock.advance(Duration.ofSeconds(2));
      ends(client);
    }
  }
}
