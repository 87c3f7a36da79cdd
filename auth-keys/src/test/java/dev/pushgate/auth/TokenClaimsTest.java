package dev.pushgate.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.auth.App.SigningSecret;
import dev.pushgate.core.name.ChannelName;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the claims of a token with a good signature may be.
class TokenClaimsTest {
  private static final String NOT_YET =
      "The token's nbf and iat, if any, must be times that have come";
  private static final String NO_EXPIRY = "The token's exp must be a time in seconds since 1970";
  private static final ChannelName ROOM = new ChannelName("room");

  private final TwoApps apps = new TwoApps();
  private final SigningSecret secret = apps.acme.signingSecrets().getFirst();
  private final long now = TwoApps.NOW.getEpochSecond();
  private final String expiry = "\"exp\":" + (now + 60);

  @Test
  void theBearerIsWhomTheTokenNames() {
    Principal bearer = accepted(expiry + ",\"sub\":\"u-1\",\"clientId\":\"tab 1\"");
    assertThat(bearer.userId()).isEqualTo("u-1");
    assertThat(bearer.clientId()).isEqualTo("tab 1");
    assertThat(bearer.expiresAt()).isEqualTo(Instant.ofEpochSecond(now + 60));
    assertThat(bearer.keyId()).isNull();
    assertThat(bearer.holds(KeyKind.PUBLISH)).isFalse();
  }

  @Test
  void withoutGrantsATokenMayWhatAPublishKeyMay() {
    Principal bearer = accepted(expiry);
    assertThat(bearer.may(Permission.SUBSCRIBE, ROOM, false)).isTrue();
    assertThat(bearer.may(Permission.SUBSCRIBE, ROOM, true)).isFalse();
    assertThat(bearer.may(Permission.PUBLISH, ROOM, false)).isFalse();
    assertThat(bearer.may(Permission.HISTORY, ROOM, false)).isFalse();
  }

  @Test
  void withGrantsATokenMayWhatTheySayAlsoInPrivate() {
    Principal bearer =
        accepted(expiry + ",\"grants\":{\"ro*\":[\"publish\"],\"room\":[\"history\"]}");
    assertThat(bearer.may(Permission.PUBLISH, ROOM, true)).isTrue();
    assertThat(bearer.may(Permission.HISTORY, ROOM, true)).isTrue();
    assertThat(bearer.may(Permission.SUBSCRIBE, ROOM, false)).isFalse();
    assertThat(accepted(expiry + ",\"grants\":{}").may(Permission.SUBSCRIBE, ROOM, false))
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "\"*\"",
        "true",
        "{\"room\":\"publish\"}",
        "{\"room\":[\"admin\"]}",
        "{\"room\":[7]}",
        "{\"room\":null}",
        "{\"a b\":[\"publish\"]}",
        "{\"\\ud800*\":[\"publish\"]}"
      })
  void malformedGrantsAreRefused(String grants) {
    assertThat(refused(expiry + ",\"grants\":" + grants)).startsWith("The token's grants ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"x\":1",
        "\"exp\":null",
        "\"exp\":\"2030-01-01T00:00:00Z\"",
        "\"exp\":\"9999999999\"",
        "\"exp\":true",
        "\"exp\":[9999999999]",
        "\"exp\":-1",
        "\"exp\":1e300",
        "\"exp\":9223372036854775807",
        "\"exp\":9223372036854775808",
        "\"exp\":1793354400000"
      })
  void aTokenMustSayInSecondsWhenItEnds(String noExpiry) {
    assertThat(refused(noExpiry)).isEqualTo(NO_EXPIRY);
  }

  @Test
  void aTokenEndsAtItsExpiryWithoutLeeway() {
    String token = signed("\"aud\":\"acme\"," + expiry);
    apps.clock.advance(Duration.ofMillis(59_749));
    Principal bearer = apps.authenticated(token);
    assertThat(apps.directory.isLive(bearer)).isTrue();
    apps.clock.advance(Duration.ofMillis(1));
    assertThat(apps.refused(token)).isEqualTo("The token has expired");
    assertThat(apps.directory.isLive(bearer)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"nbf", "iat"})
  void anotherClockMayBeThirtySecondsAhead(String claim) {
    accepted(expiry + ",\"" + claim + "\":" + (now + 30));
    accepted(expiry + ",\"" + claim + "\":" + (now - 100_000));
    accepted(expiry + ",\"" + claim + "\":" + (now + 30) + ".25");
    assertThat(refused(expiry + ",\"" + claim + "\":" + (now + 31))).isEqualTo(NOT_YET);
    assertThat(refused(expiry + ",\"" + claim + "\":" + (now + 30) + ".75")).isEqualTo(NOT_YET);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"now\"", "-1", "1e300", "[]", "false"})
  void aBeginningThatIsNoTimeIsRefused(String time) {
    assertThat(refused(expiry + ",\"nbf\":" + time)).isEqualTo(NOT_YET);
    assertThat(refused(expiry + ",\"iat\":" + time)).isEqualTo(NOT_YET);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"other\"",
        "\"\"",
        "\"ACME\"",
        "\"acme \"",
        "7",
        "null",
        "[]",
        "[\"other\"]",
        "{\"acme\":1}"
      })
  void aTokenMustBeForTheAppThatSignedIt(String audience) {
    assertThat(apps.refused(signed("\"aud\":" + audience + "," + expiry)))
        .isEqualTo("The token's aud is not the app whose secret signed it");
  }

  @Test
  void aTokenMayHaveSeveralAudiencesButNotNone() {
    apps.authenticated(signed("\"aud\":[\"web\",\"acme\"]," + expiry));
    assertThat(apps.refused(signed(expiry))).contains("aud");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"\"",
        "7",
        "[\"a\"]",
        "\"a\\u0000b\"",
        "\"\\ud800\"",
        "\"a\\udc00\"",
        "\"\\udc00\\ud800\""
      })
  void namesThatNoDatabaseStoresAreRefused(String name) {
    assertThat(refused(expiry + ",\"sub\":" + name)).contains("sub and clientId");
    assertThat(refused(expiry + ",\"clientId\":" + name)).contains("sub and clientId");
  }

  @Test
  void namesAreAtMost128Characters() {
    assertThat(accepted(expiry + ",\"sub\":\"" + "x".repeat(128) + "\"").userId()).hasSize(128);
    assertThat(refused(expiry + ",\"sub\":\"" + "x".repeat(129) + "\"")).contains("128");
    assertThat(accepted(expiry + ",\"sub\":\"\\ud83d\\ude00 ü\"").userId()).isEqualTo("😀 ü");
    assertThat(accepted(expiry + ",\"sub\":\"" + "😀".repeat(128) + "\"").userId()).isNotNull();
    assertThat(refused(expiry + ",\"sub\":\"" + "😀".repeat(129) + "\"")).contains("128");
  }

  /// Two readers of such claims may see two different tokens.
  @ParameterizedTest
  @ValueSource(
      strings = {
        ",\"sub\":\"a\",\"sub\":\"b\"",
        ",\"grants\":{\"a\":[\"subscribe\"],\"a\":[\"publish\"]}",
        ",\"grants\":{\"a\":[],\"\\u0061\":[]}",
        ",\"grants\":{},\"grants\":{}",
        ",\"more\":[{\"x\":{\"y\":1,\"y\":1}}]"
      })
  void whatIsNamedTwiceIsRefused(String claims) {
    assertThat(refused(expiry + claims)).contains("well-formed");
  }

  @Test
  void theSameNameInTwoObjectsIsNotTwice() {
    accepted(expiry + ",\"grants\":{\"sub\":[]},\"more\":[{\"a\":1},{\"a\":[{\"a\":2}]}]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "7",
        "[]",
        "[[\"aud\",\"acme\"]]",
        "null",
        "\"{}\"",
        "{",
        "{\"aud\":\"acme\",}",
        "{}x",
        "{\"exp\":1e400}"
      })
  void aPayloadThatIsNoJsonObjectIsRefused(String payload) {
    assertThat(apps.refused(ForgedToken.of(secret, payload).signedWith(secret)))
        .isEqualTo("The token is not a well-formed JWT signed with HS256");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{\"a\":"})
  void aPayloadOfDeepNestingIsRefused(String open) {
    String payload = "{\"aud\":\"acme\"," + expiry + ",\"deep\":" + open.repeat(1_000);
    assertThat(apps.refused(ForgedToken.of(secret, payload).signedWith(secret)))
        .isEqualTo("The token is not a well-formed JWT signed with HS256");
  }

  private Principal accepted(String claims) {
    return apps.authenticated(signed("\"aud\":\"acme\"," + claims));
  }

  private String refused(String claims) {
    return apps.refused(signed("\"aud\":\"acme\"," + claims));
  }

  private String signed(String claims) {
    return ForgedToken.of(secret, "{" + claims + "}").signedWith(secret);
  }
}
