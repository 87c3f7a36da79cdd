package dev.pushgate.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.auth.ApiKey;
import dev.pushgate.auth.App;
import dev.pushgate.auth.Grants;
import dev.pushgate.auth.Permission;
import dev.pushgate.auth.Secret;
import dev.pushgate.auth.TokenMinter;
import dev.pushgate.auth.TokenRequest;
import dev.pushgate.core.cluster.Target;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.outcome.CloseReason;
import dev.pushgate.gateway.net.AddressGuard;
import dev.pushgate.gateway.net.loop.Transport;
import dev.pushgate.gateway.testing.NoLeaks;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Who may go on with another token, and what its refusal leaves as it was.
@ExtendWith(NoLeaks.class)
class SessionRenewalTest {
  private static final Duration SHORTLY = Duration.ofMillis(1);

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Grants ALL = new Grants(Map.of("*", Set.of(Permission.values())));
  private static final String CLOSED = "close 4010 token or key expired or revoked";

  private final TestGateway gateway = new TestGateway();

  @AfterEach
  void stop() {
    gateway.close();
  }

  private static String auth(String token) {
    return "{\"type\":\"auth\",\"token\":\"" + token + "\",\"ref\":\"t\"}";
  }

  private static void renew(SocketClient client, String token) {
    client.text(auth(token));
    assertThat(client.next()).matches("\\{\"type\":\"authenticated\",\"expiresAt\":\\d+,.*}");
  }

  private static void isRefused(SocketClient client, String token, String code) {
    client.text(auth(token));
    assertThat(client.next())
        .startsWith("{\"type\":\"error\",\"error\":\"")
        .doesNotContain(token)
        .endsWith("\",\"code\":\"" + code + "\",\"ref\":\"t\"}");
  }

  private String token(String clientId, @Nullable String userId, @Nullable ApiKey mintedWith) {
    Grants grants = mintedWith == null ? ALL : null;
    return gateway.token(new TokenRequest(clientId, userId, HOUR, grants, mintedWith));
  }

  private ApiKey publishKey() {
    return gateway.keys.byText(gateway.publishKey.reveal()).orElseThrow();
  }

  @Test
  void theAnswerSaysWhenTheNewTokenEndsAndRepeatsTheRef() {
    Instant before = Clock.systemUTC().instant();
    try (SocketClient client = gateway.connect(gateway.tokenOf("ann"))) {
      client.text(auth("pub_" + gateway.tokenOf("ann")));
      String answer = client.next();
      assertThat(answer)
          .startsWith("{\"type\":\"authenticated\",\"expiresAt\":")
          .endsWith(",\"ref\":\"t\"}");
      long expiresAt = Long.parseLong(answer.replaceAll("\\D", ""));
      assertThat(Instant.ofEpochMilli(expiresAt))
          .isBetween(before.plus(HOUR).minusSeconds(1), Clock.systemUTC().instant().plus(HOUR));
    }
  }

  @Test
  void aSessionWithAKeyIsToldToConnectAgainWhateverItShows() {
    for (Secret key : List.of(gateway.publishKey, gateway.secretKey)) {
      try (SocketClient client = gateway.connect(key.reveal())) {
        isRefused(client, gateway.tokenOf("ann"), "FORBIDDEN");
        client.text(auth("garbage"));
        assertThat(client.next()).contains("connect again", "\"FORBIDDEN\"");
        client.subscribe("c");
      }
    }
  }

  @Test
  void whatIsNoGoodTokenIsRefusedAndTheOldOneStaysInForceUntilItsEnd() {
    String good = gateway.tokenOf("ann");
    try (SocketClient client = gateway.connect(shortToken())) {
      assertThat(client.next()).contains("token_expiring");
      for (String bad :
          List.of(
              "garbage",
              "a.b.c",
              good + "x",
              good.substring(0, good.length() - 6) + "AAAAAA",
              gateway.secretKey.reveal())) {
        isRefused(client, bad, "INVALID_TOKEN");
      }
      client.text("{\"type\":\"auth\",\"ref\":\"t\"}");
      assertThat(client.next()).contains("token is required", "\"VALIDATION_ERROR\"");
      client.subscribe("c");
      assertThat(client.next()).contains("\"code\":\"INVALID_TOKEN\"");
      assertThat(client.next()).isEqualTo(CLOSED);
    }
  }

  /// Of the user `ann`, for three seconds.
  private String shortToken() {
    return gateway.token(new TokenRequest("me", "ann", Duration.ofSeconds(3), ALL, null));
  }

  @Test
  void anotherUserIsRefusedAndSoIsNobody() {
    try (SocketClient client = gateway.connect(token("me", "ann", null))) {
      isRefused(client, token("me", "bob", null), "FORBIDDEN");
      isRefused(client, token("me", null, null), "FORBIDDEN");
      client.subscribe("c");
    }
  }

  @Test
  void whoHasNoUserIsKnownByTheClientIdAlone() {
    try (SocketClient client = gateway.connect(token("me", null, null))) {
      isRefused(client, token("me", "ann", null), "FORBIDDEN");
      isRefused(client, token("other", null, null), "FORBIDDEN");
      renew(client, token("me", null, null));
    }
  }

  @Test
  void aTokenOfAnotherAppIsRefused() {
    App.SigningSecret secret =
        new App.SigningSecret("s2", new Secret("o".repeat(43)), Instant.EPOCH);
    App other =
        new App(
            new AppId("other"), "other", List.of("*"), true, false, List.of(secret), Instant.EPOCH);
    gateway.keyStore.add(other);
    gateway.keys.refresh().toCompletableFuture().join();
    String theirs =
        new TokenMinter(Clock.systemUTC())
            .mint(other, new TokenRequest("me", "ann", HOUR, ALL, null))
            .token();
    gateway.connect(theirs).close(); // it is good where it belongs
    try (SocketClient client = gateway.connect(gateway.tokenOf("ann"))) {
      isRefused(client, theirs, "FORBIDDEN");
    }
  }

  @Test
  void aUsersOtherClientIdIsPassedOverAndTheSessionKeepsItsOwn() {
    try (SocketClient client = gateway.connect(token("first", "ann", null))) {
      client.text("{\"type\":\"subscribe\",\"channel\":\"c\"}");
      client.next();
      renew(client, token("second", "ann", null));
      client.text("{\"type\":\"publish\",\"channel\":\"c\",\"data\":1}");
      assertThat(client.nextWith("\"message\"")).contains("\"clientId\":\"first\"");
      gateway.sessions.disconnect(AppId.DEFAULT, new Target.Client("second"));
      gateway.sessions.disconnect(AppId.DEFAULT, new Target.User("ann"));
      assertThat(client.nextWith("close")).startsWith("close 4003");
    }
  }

  @Test
  void theKeyThatTheOldTokenWasMintedWithMayEnd() {
    try (SocketClient client = gateway.connect(token("me", null, publishKey()));
        SocketClient other = gateway.connect(token("me", null, publishKey()))) {
      renew(client, token("me", null, null));
      gateway.revokePublishKey();
      assertThat(other.next()).contains("\"INVALID_TOKEN\"");
      assertThat(other.next()).isEqualTo(CLOSED);
      client.subscribe("c");
    }
  }

  @Test
  void theSessionEndsWithTheKeyThatTheNewTokenWasMintedWith() {
    try (SocketClient client = gateway.connect(token("me", null, null))) {
      renew(client, token("me", null, publishKey()));
      gateway.revokePublishKey();
      assertThat(client.next()).contains("\"INVALID_TOKEN\"");
      assertThat(client.next()).isEqualTo(CLOSED);
    }
  }

  @Test
  void badTokensCountAsFailuresOfTheAddressAndTheOneTooManyCloses() {
    AddressGuard guard = new AddressGuard(1, 3, 100, () -> 0);
    try (TestGateway guarded = new TestGateway(TestLimits.GENEROUS, Transport.NIO, guard);
        SocketClient client = guarded.connect(guarded.tokenOf("ann"));
        SocketClient other = guarded.connect(guarded.tokenOf("ann"));
        SocketClient withKey = guarded.connect()) {
      for (int i = 0; i < 3; i++) {
        isRefused(withKey, "garbage", "FORBIDDEN");
        isRefused(client, guarded.tokenOf("bob"), "FORBIDDEN");
        isRefused(client, "garbage", "INVALID_TOKEN");
      }
      isRefused(client, "garbage", "INVALID_TOKEN");
      assertThat(client.next()).isEqualTo("close 4001 unauthorized or invalid token");
      assertThat(guarded.closed(CloseReason.UNAUTHORIZED)).isEqualTo(1);
      renew(other, guarded.tokenOf("ann"));
    }
  }

  @Test
  void aRenewalDoesNotWaitBehindResumesThatDo() {
    try (SocketClient client = gateway.connect(gateway.tokenOf("ann"))) {
      gateway.store.hold();
      client.text("{\"type\":\"subscribe\",\"channel\":\"kept\",\"rewind\":5}");
      client.text("{\"type\":\"subscribe\",\"channel\":\"other\",\"rewind\":5}");
      renew(client, gateway.tokenOf("ann"));
      gateway.store.release();
      assertThat(client.next()).contains("\"subscribed\",\"channel\":\"kept\"");
      assertThat(client.next()).contains("\"subscribed\",\"channel\":\"other\"");
    }
  }

  /// It is told of a refusal by its end, for it reads nothing.
  @Test
  void aRenewalDoesNotWaitUntilTheClientHasTakenWhatItWasSent() {
    AddressGuard guard = new AddressGuard(1, 1, 100, () -> 0);
    SessionLimits limits = TestLimits.with(new SessionLimits.Outbound(100 << 20, 64 * 1024));
    try (TestGateway guarded = new TestGateway(limits, Transport.NIO, guard);
        SocketClient client = new SocketClient(guarded.port, 4_096)) {
      client.handshake("/ws?token=" + guarded.tokenOf("ann"));
      client.subscribe("c");
      String data = "\"" + "x".repeat(60_000) + "\"";
      for (int published = 1; published <= 200; published++) {
        guarded.publish("c", data);
        long queued = published * 60_000L;
        await().pollInterval(SHORTLY).until(() -> guarded.queuedBytes() > queued);
      }
      client.text(auth("garbage")).text(auth("garbage"));
      await().until(() -> guarded.closed(CloseReason.UNAUTHORIZED) == 1);
    }
  }
}
