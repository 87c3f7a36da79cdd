package dev.pushgate.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticatorTest {
  private static final ChannelName ROOM = new ChannelName("room");

  private final TwoApps apps = new TwoApps();

  @Test
  void whoPresentsNothingIsUnauthorized() {
    assertThat(apps.refused("", Refusal.UNAUTHORIZED)).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " ",
        "\0",
        "pub_",
        "Bearer pub_0123456789abcdef0123456789",
        "pub_0123456789abcdef0123456789",
        "sec_é0123456789abcdef0123456789",
        "\ud800\udc00\udfff"
      })
  void whatIsNoKeyIsAnInvalidToken(String credential) {
    assertThat(apps.refused(credential)).isEqualTo("This is no valid key or connection token");
  }

  @Test
  void aHugeCredentialIsAnInvalidToken() {
    assertThat(apps.refused("pub_" + "x".repeat(10_000_000))).isNotEmpty();
  }

  @Test
  void eachKindOfKeyMayWhatTheWeakerOnesMay() {
    Principal browser = apps.authenticated(apps.publishKey.reveal());
    Principal server = apps.authenticated(apps.secretKey.reveal());
    Principal operator = apps.authenticated(apps.managementKey.reveal());

    assertThat(browser.may(Permission.SUBSCRIBE, ROOM, false)).isTrue();
    assertThat(browser.may(Permission.SUBSCRIBE, ROOM, true)).isFalse();
    assertThat(browser.may(Permission.PUBLISH, ROOM, false)).isFalse();
    assertThat(browser.may(Permission.HISTORY, ROOM, false)).isFalse();
    assertThat(browser.holds(KeyKind.SECRET)).isFalse();
    assertThat(Permission.values())
        .allSatisfy(permission -> assertThat(server.may(permission, ROOM, true)).isTrue())
        .allSatisfy(permission -> assertThat(operator.may(permission, ROOM, true)).isTrue());
    assertThat(server.holds(KeyKind.MANAGEMENT)).isFalse();
    assertThat(operator.holds(KeyKind.PUBLISH)).isTrue();
    assertThat(operator.app()).isEqualTo(TwoApps.ACME);
  }

  @Test
  void aRevokedKeyIsRefused() {
    String text = apps.publishKey.reveal();
    Principal before = apps.authenticated(text);
    TwoApps.done(apps.keys.revoke(TwoApps.ACME, apps.keyOf(apps.publishKey).id()));
    assertThat(apps.refused(text)).isEqualTo("This key has expired or was revoked");
    assertThat(apps.directory.isLive(before)).isFalse();
  }

  @Test
  void anExpiredKeyIsRefused() {
    NewKey key =
        TwoApps.done(
            apps.keys.create(TwoApps.ACME, KeyKind.SECRET, "", TwoApps.NOW.plusSeconds(60)));
    Principal before = apps.authenticated(key.text().reveal());
    apps.clock.advance(Duration.ofSeconds(60));
    assertThat(apps.refused(key.text().reveal())).isEqualTo("This key has expired or was revoked");
    assertThat(apps.directory.isLive(before)).isFalse();
  }

  @Test
  void aKeyThatWorksIsNoConnectionToken() {
    for (Secret key : List.of(apps.publishKey, apps.secretKey)) {
      assertThat(apps.authenticator.bearer(key.reveal(), "192.0.2.1"))
          .isInstanceOfSatisfying(
              Outcome.Refused.class,
              refused -> assertThat(refused.refusal()).isEqualTo(Refusal.INVALID_TOKEN));
    }
    assertThat(apps.directory.drainUses()).as("noted as used").isEmpty();
  }

  @Test
  void onlyAKeyThatWorksIsNotedAsUsed() {
    apps.authenticated(apps.secretKey.reveal());
    TwoApps.done(apps.keys.revoke(TwoApps.ACME, apps.keyOf(apps.publishKey).id()));
    apps.refused(apps.publishKey.reveal());
    assertThat(apps.directory.drainUses()).containsOnlyKeys(apps.keyOf(apps.secretKey).id());
  }
}
