package dev.pushgate.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pushgate.auth.App.SigningSecret;
import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.outcome.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TokenMinterTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final TwoApps apps = new TwoApps();

  @Test
  void aMintedTokenSaysWhatWasAskedFor() {
    Grants grants = new Grants(Map.of("room-*", Set.of(Permission.PUBLISH), "lobby", Set.of()));
    MintedToken minted =
        apps.minter.mint(apps.acme, new TokenRequest("me", "u-1", HOUR, grants, null));
    Principal bearer = apps.authenticated(minted.token());
    assertThat(bearer.app()).isEqualTo(TwoApps.ACME);
    assertThat(bearer.clientId()).isEqualTo("me");
    assertThat(bearer.userId()).isEqualTo("u-1");
    assertThat(bearer.expiresAt()).isEqualTo(minted.expiresAt());
    assertThat(bearer.may(Permission.PUBLISH, new ChannelName("room-1"), true)).isTrue();
    assertThat(bearer.may(Permission.SUBSCRIBE, new ChannelName("lobby"), false)).isFalse();
  }

  @Test
  void aTokenEndsAtAWholeSecond() {
    assertThat(apps.minter.mint(apps.acme, plain(null)).expiresAt())
        .isEqualTo(Instant.parse("2026-11-22T11:00:00Z"));
  }

  @Test
  void aTokenHoldsNoMoreThanItSays() {
    String token = apps.minter.mint(apps.acme, plain(null)).token();
    assertThat(payload(token))
        .contains("\"aud\":\"acme\"", "\"clientId\":\"me\"", "\"iat\":", "\"exp\":")
        .doesNotContain("sub", "grants", "key", "null");
  }

  @Test
  void theNewestSecretSignsAndTheOlderOnesStillCount() {
    SigningSecret older = apps.acme.signingSecrets().getFirst();
    SigningSecret newest = SigningSecret.generate(TwoApps.NOW);
    App rotated =
        new App(TwoApps.ACME, "", List.of(), true, false, List.of(newest, older), TwoApps.NOW);
    String before = apps.minter.mint(apps.acme, plain(null)).token();
    String after = apps.minter.mint(rotated, plain(null)).token();
    InMemoryKeyStore store = new InMemoryKeyStore();
    KeyDirectory directory = new KeyDirectory(store, apps.clock);
    TwoApps.done(store.createApp(rotated, List.of()));
    TwoApps.done(directory.refresh());
    TokenVerifier verifier = new TokenVerifier(directory, apps.clock);
    assertThat(List.of(before, after))
        .allSatisfy(token -> assertThat(verifier.verify(token)).hasToString(bearer().toString()));
    assertThat(apps.refused(after)).contains("kid");
  }

  @Test
  void theMostThatCanBeGrantedFitsIntoAToken() {
    Map<String, List<String>> most = new HashMap<>();
    while (most.size() < 19) {
      most.put("c" + most.size() + "-".repeat(197 - most.size() / 10) + "*", List.of());
    }
    most.put("rest", List.of("subscribe", "publish", "presence", "history"));
    Grants grants = GrantsTest.parsed(most);
    String worst = "\u0001".repeat(128);
    String token =
        apps.minter.mint(apps.acme, new TokenRequest(worst, worst, HOUR, grants, null)).token();
    assertThat(token.length()).isBetween(7000, TokenVerifier.MAX_LENGTH);
    assertThat(apps.authenticated("pub_" + token).clientId()).isEqualTo(worst);
  }

  @Test
  void aTokenEndsWithTheKeyThatItWasMintedWith() {
    ApiKey key = apps.keyOf(apps.publishKey);
    String token = apps.minter.mint(apps.acme, plain(key)).token();
    Principal bearer = apps.authenticated(token);
    assertThat(bearer.keyId()).isEqualTo(key.id());
    assertThat(apps.directory.isLive(bearer)).isTrue();
    TwoApps.done(apps.keys.revoke(TwoApps.ACME, key.id()));
    assertThat(apps.directory.isLive(bearer)).isFalse();
    assertThat(apps.refused(token))
        .isEqualTo("The key that this token was minted with is no longer valid");
  }

  @ParameterizedTest
  @EnumSource(KeyKind.class)
  void aTokenEndsWithTheKeyThatMintedItOfWhateverKind(KeyKind kind) {
    NewKey key = TwoApps.done(apps.keys.create(TwoApps.ACME, kind, "", null));
    Grants grants = kind == KeyKind.PUBLISH ? null : GrantsTest.parsed(Map.of("a", List.of()));
    String token =
        apps.minter.mint(apps.acme, new TokenRequest("me", null, HOUR, grants, key.key())).token();
    Principal bearer = apps.authenticated(token);
    TwoApps.done(apps.keys.revoke(TwoApps.ACME, key.key().id()));
    assertThat(apps.directory.isLive(bearer)).isFalse();
    assertThat(apps.refused(token)).contains("key");
  }

  @Test
  void aTokenDoesNotOutliveTheExpiringKeyThatItWasMintedWith() {
    Instant end = apps.clock.instant().plusSeconds(90);
    NewKey key = TwoApps.done(apps.keys.create(TwoApps.ACME, KeyKind.PUBLISH, "", end));
    MintedToken minted = apps.minter.mint(apps.acme, plain(key.key()));
    assertThat(minted.expiresAt()).isEqualTo(end.truncatedTo(ChronoUnit.SECONDS));
    assertThat(apps.authenticated(minted.token()).expiresAt()).isEqualTo(minted.expiresAt());
    TokenRequest shorter = new TokenRequest("me", null, Duration.ofSeconds(30), null, key.key());
    assertThat(apps.minter.mint(apps.acme, shorter).expiresAt())
        .isBefore(apps.clock.instant().plusSeconds(31));
  }

  @Test
  void aTokenOfAnUnknownOrForeignKeyIsRefused() {
    NewKey foreign = TwoApps.done(apps.keys.create(TwoApps.OTHER, KeyKind.PUBLISH, "", null));
    ApiKey unknown =
        KeyText.describe(
            TwoApps.ACME, KeyText.generate(KeyKind.PUBLISH), "", apps.clock.instant(), null);
    for (ApiKey key : List.of(foreign.key(), unknown)) {
      assertThat(apps.refused(apps.minter.mint(apps.acme, plain(key)).token())).contains("key");
    }
  }

  @Test
  void anAppWithoutSigningSecretMintsNothing() {
    App app = new App(TwoApps.ACME, "", List.of(), true, false, List.of(), TwoApps.NOW);
    assertThatThrownBy(() -> apps.minter.mint(app, plain(null)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aWeakSecretSignsNothingAndIsNotPrinted() {
    SigningSecret weak = new SigningSecret("weak", new Secret("hunter2"), TwoApps.NOW);
    App app = new App(TwoApps.ACME, "", List.of(), true, false, List.of(weak), TwoApps.NOW);
    assertThatThrownBy(() -> apps.minter.mint(app, plain(null)))
        .isInstanceOf(IllegalStateException.class)
        .hasStackTraceContaining("256")
        .satisfies(
            failure ->
                assertThat(failure.getMessage() + failure.getCause()).doesNotContain("hunter2"));
  }

  @Test
  void aRequestThatContradictsItselfCannotBeMade() {
    Grants grants = new Grants(Map.of());
    ApiKey key = apps.keyOf(apps.publishKey);
    assertThatThrownBy(() -> new TokenRequest("me", null, HOUR, grants, key))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TokenRequest("me", null, Duration.ZERO, null, null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TokenRequest("", null, HOUR, null, null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TokenRequest("me", "\ud800", HOUR, null, null))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static TokenRequest plain(@Nullable ApiKey key) {
    return new TokenRequest("me", null, HOUR, null, key);
  }

  private static Outcome<Principal.TokenBearer> bearer() {
    return Outcome.done(
        new Principal.TokenBearer(
            TwoApps.ACME, null, null, Instant.parse("2026-11-22T11:00:00Z"), "me", null));
  }

  private static String payload(String token) {
    return new String(Base64.getUrlDecoder().decode(token.split("\\.")[1]), StandardCharsets.UTF_8);
  }
}
