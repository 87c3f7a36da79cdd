package dev.pushgate.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.auth.App.SigningSecret;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SecretTest {
  private final TwoApps apps = new TwoApps();

  @Test
  void aSecretPrintsAsRedacted() {
    assertThat(new Secret("hunter2")).hasToString("[redacted]");
    assertThat(new Secret("hunter2").reveal()).isEqualTo("hunter2");
  }

  @Test
  void nothingThatHoldsASecretPrintsIt() {
    String signing = apps.acme.signingSecrets().getFirst().secret().reveal();
    assertThat(apps.acme.toString()).contains("acme").doesNotContain(signing);
    MintedToken minted =
        apps.minter.mint(apps.acme, new TokenRequest("me", null, Duration.ofHours(1), null, null));
    String signature = minted.token().substring(minted.token().lastIndexOf('.') + 1);
    assertThat(minted.toString()).contains("expiresAt").doesNotContain(signature);
    assertThat(apps.authenticated(minted.token()).toString()).doesNotContain(signature);
    assertThat(CompactToken.split(minted.token()).orElseThrow().toString())
        .doesNotContain(signature);
    String key = apps.secretKey.reveal();
    assertThat(apps.authenticated(key).toString())
        .contains("sec_")
        .doesNotContain(key.substring(12));
  }

  @Test
  void noRefusalRepeatsTheCredential() {
    String token =
        apps.minter
            .mint(apps.acme, new TokenRequest("me", null, Duration.ofHours(1), null, null))
            .token();
    String tampered = token.substring(0, token.length() - 4) + "AAAA";
    for (String credential : new String[] {tampered, "pub_nobody-knows-this-key", "swordfish"}) {
      assertThat(apps.refused(credential)).doesNotContain(credential.substring(4));
    }
  }

  @Test
  void aNewSigningSecretHas256BitsUnderAShortName() {
    SigningSecret one = SigningSecret.generate(TwoApps.NOW);
    SigningSecret two = SigningSecret.generate(TwoApps.NOW);
    assertThat(one.kid()).matches("[A-Za-z0-9_-]{16}").isNotEqualTo(two.kid());
    assertThat(one.secret().reveal())
        .matches("[A-Za-z0-9_-]{43}")
        .isNotEqualTo(two.secret().reveal());
  }
}
