package dev.pushgate.auth;

import dev.pushgate.core.name.AppId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// The text of an API key: a kind's prefix and what nobody can guess behind it. Thread-safe.
public final class KeyText {
  /// What a key's text may be, as a sentence for people.
  public static final String RULE =
      "must be pub_, sec_ or mgmt_ and 16 to 200 characters of A-Z a-z 0-9 _ - behind it";

  private static final int RANDOM_BITS = 256;
  private static final int ID_BITS = 96;
  private static final int HINT_LENGTH = 12;
  // Ours have 43 characters behind the prefix; those that an operator brings may differ.
  private static final int MIN_LENGTH = 16;
  private static final int MAX_LENGTH = 200;

  private KeyText() {}

  /// A new key: the kind's prefix and 256 random bits in base64url.
  public static Secret generate(KeyKind kind) {
    return new Secret(kind.prefix() + RandomText.ofBits(RANDOM_BITS));
  }

  /// What is kept of a key instead of its text: SHA-256 of its UTF-8 bytes, in lowercase
  /// hexadecimal. No salt and no stretching, for there are 256 random bits to guess and each
  /// request pays for this.
  public static String hash(String keyText) {
    byte[] text = keyText.getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(sha256().digest(text));
  }

  /// The key's first 12 characters, for people to tell keys apart.
  public static String hint(String keyText) {
    return keyText.substring(0, Math.min(HINT_LENGTH, keyText.length()));
  }

  /// Whether a text can be a key at all: [#RULE]. Costs no more for a long text than for a short
  /// one.
  public static boolean isWellFormed(String text) {
    return KeyKind.ofKeyText(text)
        .map(kind -> hasGoodRest(text, kind.prefix().length()))
        .orElse(false);
  }

  private static boolean hasGoodRest(String text, int from) {
    int length = text.length() - from;
    return length >= MIN_LENGTH && length <= MAX_LENGTH && Base64Url.isAlphabet(text, from);
  }

  /// A key of this text as it is to be stored, under a new id.
  ///
  /// @param text well-formed; its prefix tells the kind
  /// @param createdAt kept in milliseconds, as stores keep it
  /// @param expiresAt from when on the key no longer works, or null for never
  /// @throws IllegalArgumentException when the text is not well-formed
  public static ApiKey describe(
      AppId app, Secret text, String label, Instant createdAt, @Nullable Instant expiresAt) {
    if (!isWellFormed(text.reveal())) {
      throw new IllegalArgumentException("a key " + RULE);
    }
    return new ApiKey(
        RandomText.hexOfBits(ID_BITS),
        app,
        KeyKind.ofKeyText(text.reveal()).orElseThrow(),
        label,
        hint(text.reveal()),
        hash(text.reveal()),
        createdAt.truncatedTo(ChronoUnit.MILLIS),
        expiresAt,
        null,
        null);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
