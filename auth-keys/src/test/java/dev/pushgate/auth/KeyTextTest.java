package dev.pushgate.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyTextTest {
  private static final String SIXTEEN = "0123456789abcdef";

  @ParameterizedTest
  @EnumSource(KeyKind.class)
  void aNewKeyHasItsKindsPrefixAnd256BitsBehindIt(KeyKind kind) {
    String text = KeyText.generate(kind).reveal();
    assertThat(text).startsWith(kind.prefix());
    assertThat(text.substring(kind.prefix().length())).matches("[A-Za-z0-9_-]{43}");
    assertThat(KeyText.isWellFormed(text)).isTrue();
    assertThat(KeyKind.ofKeyText(text)).contains(kind);
  }

  @Test
  void noTwoKeysAreAlike() {
    Set<String> texts = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      texts.add(KeyText.generate(KeyKind.SECRET).reveal());
    }
    assertThat(texts).hasSize(1000);
  }

  @Test
  void aKeysIdIsNeverTakenForAnOption() {
    Secret text = KeyText.generate(KeyKind.SECRET);
    for (int i = 0; i < 1000; i++) {
      assertThat(KeyText.describe(TwoApps.ACME, text, "", TwoApps.NOW, null).id())
          .matches("[0-9a-f]{24}");
    }
  }

  @Test
  void theHashIsSha256InLowercaseHexadecimal() {
    // printf 'pub_0123456789abcdef' | sha256sum
    assertThat(KeyText.hash("pub_0123456789abcdef"))
        .isEqualTo("0e6252db4e30167b98cf209ac4b22662014e0891a645941d2c52d2533d1008ed");
  }

  @Test
  void theHintIsTheFirstTwelveCharacters() {
    assertThat(KeyText.hint("mgmt_0123456789abcdef")).isEqualTo("mgmt_0123456");
    assertThat(KeyText.hint("short")).isEqualTo("short");
  }

  @Test
  void keysFromAnOperatorMayBeOtherTextsWithThePrefix() {
    assertThat(KeyText.isWellFormed("pub_" + SIXTEEN)).isTrue();
    assertThat(KeyText.isWellFormed("mgmt_" + "x".repeat(200))).isTrue();
    assertThat(KeyText.isWellFormed("sec_my-own_key-for-tests")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "pub_",
        "pub_0123456789abcde",
        "key_0123456789abcdef",
        "PUB_0123456789abcdef",
        " pub_0123456789abcdef",
        "pub_0123456789abcdef\n",
        "pub_0123456789abcde\0",
        "pub_0123456789abcdé",
        "pub_0123456789abcde\ud800",
        "pub_0123456789ab.cdef",
        "pub_0123456789ab cdef"
      })
  void otherTextsAreNoKeys(String text) {
    assertThat(KeyText.isWellFormed(text)).isFalse();
  }

  @Test
  void aLongTextIsNoKey() {
    assertThat(KeyText.isWellFormed("pub_" + "x".repeat(201))).isFalse();
    assertThat(KeyText.isWellFormed("pub_" + "x".repeat(10_000_000))).isFalse();
  }

  @Test
  void aDescriptionHoldsAllButTheKey() {
    Instant end = TwoApps.NOW.plusSeconds(60);
    Secret text = new Secret("sec_" + SIXTEEN);
    ApiKey key = KeyText.describe(TwoApps.ACME, text, "for tests", TwoApps.NOW, end);
    assertThat(key.kind()).isEqualTo(KeyKind.SECRET);
    assertThat(key.app()).isEqualTo(TwoApps.ACME);
    assertThat(key.label()).isEqualTo("for tests");
    assertThat(key.hint()).isEqualTo("sec_01234567");
    assertThat(key.hash()).isEqualTo(KeyText.hash(text.reveal()));
    assertThat(key.createdAt()).isEqualTo(TwoApps.NOW);
    assertThat(key.expiresAt()).isEqualTo(end);
    assertThat(key.lastUsedAt()).isNull();
    assertThat(key.revokedAt()).isNull();
    assertThat(key.toString()).doesNotContain(text.reveal());
  }

  @Test
  void whatIsNoKeyIsNotDescribedAndNotPrinted() {
    assertThatThrownBy(
            () -> KeyText.describe(TwoApps.ACME, new Secret("my-password"), "", TwoApps.NOW, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("my-password");
  }

  @Test
  void aKeyLivesUntilItExpiresOrIsRevoked() {
    Instant end = TwoApps.NOW.plusSeconds(60);
    Secret text = KeyText.generate(KeyKind.PUBLISH);
    ApiKey key = KeyText.describe(TwoApps.ACME, text, "", TwoApps.NOW, end);
    assertThat(key.isLive(end.minusMillis(1))).isTrue();
    assertThat(key.isLive(end)).isFalse();
  }
}
