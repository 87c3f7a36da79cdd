package dev.pushgate.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.auth.App.SigningSecret;
import dev.pushgate.core.name.AppId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is checked before a token's claims are read: shape, header and signature.
class TokenVerifierTest {
  private static final String NOT_A_JWT = "The token is not a well-formed JWT signed with HS256";
  private static final String OTHER_ALGORITHM =
      "The token's algorithm is not accepted; sign it with HS256";
  private static final String UNKNOWN_SECRET = "The token's kid names no signing secret";
  private static final String BAD_SIGNATURE = "The token's signature does not fit";

  private static final String TOO_LONG = "The token is longer than 8192 characters";

  private final TwoApps apps = new TwoApps();
  private final SigningSecret secret = apps.acme.signingSecrets().getFirst();
  private final SigningSecret foreign = apps.other.signingSecrets().getFirst();
  private final long now = TwoApps.NOW.getEpochSecond();
  private final String claims = "{\"aud\":\"acme\",\"exp\":" + (now + 60) + "}";

  @Test
  void aTokenSignedWithTheAppsSecretIsTakenWithAndWithoutPrefix() {
    String token = ForgedToken.of(secret, claims).signedWith(secret);
    assertThat(apps.authenticated(token).app()).isEqualTo(TwoApps.ACME);
    assertThat(apps.authenticated("pub_" + token).app()).isEqualTo(TwoApps.ACME);
    assertThat(apps.refused("sec_" + token)).isEqualTo(NOT_A_JWT);
    assertThat(apps.refused("pub_pub_" + token)).isEqualTo(NOT_A_JWT);
  }

  @Test
  void aTokenSignedWithAnotherAppsSecretIsRefused() {
    assertThat(apps.refused(ForgedToken.of(secret, claims).signedWith(foreign)))
        .isEqualTo(BAD_SIGNATURE);
  }

  @Test
  void anotherAppsKidCannotSignForOurs() {
    assertThat(apps.refused(ForgedToken.of(foreign, claims).signedWith(foreign)))
        .isEqualTo("The token's aud is not the app whose secret signed it");
  }

  @Test
  void aTokenWithoutSignatureIsRefused() {
    String kid = secret.kid();
    for (String none : List.of("none", "None", "NONE", "nOnE")) {
      ForgedToken unsigned = new ForgedToken(ForgedToken.header(none, kid), claims);
      assertThat(apps.refused(unsigned.withSignature(""))).isEqualTo(NOT_A_JWT);
      assertThat(apps.refused(unsigned.withSignature("A".repeat(43)))).isEqualTo(OTHER_ALGORITHM);
      assertThat(apps.refused(unsigned.signedWith(secret))).isEqualTo(OTHER_ALGORITHM);
    }
    assertThat(apps.refused(ForgedToken.of(secret, claims).withSignature(""))).isEqualTo(NOT_A_JWT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RS256", "ES256", "PS256", "EdDSA", "HS384", "HS512", "hs256", "HS256 ", "", "A256KW"
      })
  void onlyHs256IsAcceptedWhateverTheHeaderSays(String algorithm) {
    String header = ForgedToken.header(algorithm, secret.kid());
    assertThat(apps.refused(new ForgedToken(header, claims).signedWith(secret)))
        .isEqualTo(OTHER_ALGORITHM);
  }

  @Test
  void aTokenReallySignedWithHs512IsRefused() {
    String header = ForgedToken.header("HS512", secret.kid());
    byte[] key = secret.secret().reveal().getBytes(StandardCharsets.UTF_8);
    assertThat(apps.refused(new ForgedToken(header, claims).signed("HmacSHA512", key)))
        .isEqualTo(NOT_A_JWT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"kid\":\"KID\"}",
        "{\"alg\":null,\"kid\":\"KID\"}",
        "{\"alg\":[\"HS256\"],\"kid\":\"KID\"}",
        "{\"alg\":{\"HS256\":1},\"kid\":\"KID\"}"
      })
  void anAlgorithmThatIsMissingOrNoTextIsRefused(String header) {
    assertThat(signedUnder(header)).isEqualTo(OTHER_ALGORITHM);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"alg\":\"HS256\"}",
        "{\"alg\":\"HS256\",\"kid\":null}",
        "{\"alg\":\"HS256\",\"kid\":\"\"}",
        "{\"alg\":\"HS256\",\"kid\":7}",
        "{\"alg\":\"HS256\",\"kid\":[\"KID\"]}",
        "{\"alg\":\"HS256\",\"kid\":\"KID \"}",
        "{\"alg\":\"HS256\",\"kid\":\"../../dev/null\"}",
        "{\"alg\":\"HS256\",\"kid\":\"\\ud800\"}"
      })
  void aKidThatIsMissingOrUnknownIsRefused(String header) {
    assertThat(signedUnder(header)).isEqualTo(UNKNOWN_SECRET);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"alg\":\"HS256\",\"kid\":\"KID\",\"crit\":[\"exp\"],\"exp\":1}",
        "{\"alg\":\"HS256\",\"kid\":\"KID\",\"crit\":[\"b64\"],\"b64\":false}",
        "{\"alg\":\"HS256\",\"kid\":\"KID\",\"b64\":false}",
        "[\"alg\",\"HS256\"]",
        "{\"alg\":\"HS256\"",
        "{\"alg\":\"HS256\",}",
        "{alg:HS256}x}",
        "{}{}",
        "\"HS256\"",
        "null",
        "7"
      })
  void aHeaderThatIsNoneOrAsksForWhatIsNotKnownIsRefused(String header) {
    assertThat(signedUnder(header)).isEqualTo(NOT_A_JWT);
  }

  @Test
  void aKeyInTheHeaderIsNotLookedAt() {
    String jwk = "{\"kty\":\"oct\",\"k\":\"" + foreign.secret().reveal() + "\"}";
    String header =
        "{\"alg\":\"HS256\",\"kid\":\"" + secret.kid() + "\",\"jwk\":" + jwk + ",\"x5c\":[7]}";
    ForgedToken token = new ForgedToken(header, claims);
    assertThat(apps.refused(token.signedWith(foreign))).isEqualTo(BAD_SIGNATURE);
    assertThat(apps.authenticated(token.signedWith(secret)).app()).isEqualTo(TwoApps.ACME);
  }

  @Test
  void noCharacterOfATokenCanBeChanged() {
    String token = ForgedToken.of(secret, claims).signedWith(secret);
    for (int i = 0; i < token.length(); i++) {
      for (char other : new char[] {'A', 'B', 'g', '_', '.', '+', '='}) {
        if (token.charAt(i) != other) {
          assertThat(apps.refused(token.substring(0, i) + other + token.substring(i + 1)))
              .isNotEmpty();
        }
      }
    }
  }

  /// 43 characters hold two bits more than a signature has.
  @Test
  void theSpareBitsOfASignatureCannotBeChangedEither() {
    String token = ForgedToken.of(secret, claims).signedWith(secret);
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    String allButLast = token.substring(0, token.length() - 1);
    for (char last : alphabet.toCharArray()) {
      if (token.charAt(token.length() - 1) != last) {
        assertThat(apps.refused(allButLast + last)).isNotEmpty();
      }
    }
  }

  @Test
  void aTruncatedOrExtendedTokenIsRefused() {
    String token = ForgedToken.of(secret, claims).signedWith(secret);
    for (int length = token.indexOf('.') + 1; length < token.length(); length++) {
      assertThat(apps.refused(token.substring(0, length))).isEqualTo(NOT_A_JWT);
    }
    for (String more : List.of("A", "=", ".", ".A", " ", "\n", "\0", "%20")) {
      assertThat(apps.refused(token + more)).isEqualTo(NOT_A_JWT);
      assertThat(apps.refused(more + token)).isEqualTo(NOT_A_JWT);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {".", "..", "...", "a.b.c", "..A", "pub_.", "pub_..", "a.b.c.d.e", "\ud800.\0.é"})
  void garbageIsRefused(String garbage) {
    assertThat(apps.refused(garbage)).isEqualTo(NOT_A_JWT);
  }

  @Test
  void aHeaderOfDeepNestingIsRefused() {
    assertThat(signedUnder("{\"kid\":" + "[".repeat(700) + "}")).isEqualTo(NOT_A_JWT);
  }

  @Test
  void aLongHeaderIsRefused() {
    assertThat(signedUnder("{\"alg\":\"HS256\",\"kid\":\"" + "x".repeat(800) + "\"}"))
        .isEqualTo(NOT_A_JWT);
  }

  @Test
  void aTokenOverEightKibibytesIsRefused() {
    int padding = 5000;
    while (padded(padding + 1).length() <= TokenVerifier.MAX_LENGTH) {
      padding++;
    }
    assertThat(padded(padding).length()).isGreaterThan(TokenVerifier.MAX_LENGTH - 4);
    assertThat(apps.authenticated(padded(padding)).app()).isEqualTo(TwoApps.ACME);
    assertThat(apps.refused(padded(padding + 1))).isEqualTo(TOO_LONG);
    assertThat(apps.refused(".".repeat(10_000_000))).isEqualTo(TOO_LONG);
  }

  @Test
  void aSecretTooShortToSignWithSignsNothing() {
    SigningSecret weak = new SigningSecret("weak", new Secret("hunter2"), TwoApps.NOW);
    App app = new App(new AppId("weak"), "", List.of(), true, false, List.of(weak), TwoApps.NOW);
    assertThat(TwoApps.done(apps.store.createApp(app, List.of()))).isTrue();
    TwoApps.done(apps.directory.refresh());
    String payload = "{\"aud\":\"weak\",\"exp\":" + (now + 60) + "}";
    assertThat(apps.refused(ForgedToken.of(weak, payload).signedWith(weak)))
        .isEqualTo(BAD_SIGNATURE);
  }

  /// A token with a claim that nobody reads.
  private String padded(int padding) {
    String more = claims.replace("}", ",\"pad\":\"" + "x".repeat(padding) + "\"}");
    return ForgedToken.of(secret, more).signedWith(secret);
  }

  private String signedUnder(String header) {
    String named = header.replace("KID", secret.kid());
    return apps.refused(new ForgedToken(named, claims).signedWith(secret));
  }
}
