package dev.pushgate.core.publication;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// What a publisher gave so that a retry is not a second message, and a digest of what it published
/// under it. It belongs to whoever uses it: what one publisher has used is still new for all
/// others. Immutable.
///
/// @param value what it is remembered by, unique within an app and channel, as it is stored: the
///     key itself of an app's servers, a digest of publisher and key of everybody else
/// @param digest SHA-256 of the body, in hexadecimal: another body under the same key is a conflict
public record IdempotencyKey(String value, String digest) {
  /// The longest key that a publisher may give, in characters. (A batch adds `#` and the item's
  /// index to it.)
  public static final int MAX_LENGTH = 128;

  /// The owner of keys that an app's servers use, whichever secret key they have: so a server goes
  /// on with a retry after its key was exchanged.
  public static final String SERVERS = "";

  /// @param owner whose key it is: [#SERVERS], or who publishes with a token, on whichever
  ///     connection
  /// @param clientId what the body of the message says who sends it; null where it does not: who
  ///     the connection or the token says it is may be another at the next try, on either wire
  public static IdempotencyKey of(
      String owner, String key, String eventType, @Nullable String clientId, byte[] data) {
    byte[] digest = sha256(utf8(eventType), utf8(clientId == null ? "" : clientId), data);
    return new IdempotencyKey(scoped(owner, key), HexFormat.of().formatHex(digest));
  }

  /// No publisher can give a key that becomes another's: it would have to find one of this digest.
  private static String scoped(String owner, String key) {
    return owner.equals(SERVERS)
        ? key
        : Base64.getUrlEncoder().withoutPadding().encodeToString(sha256(utf8(owner), utf8(key)));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] sha256(byte[]... parts) {
    MessageDigest sha256 = sha256();
    for (byte[] part : parts) {
      update(sha256, part);
    }
    return sha256.digest();
  }

  /// With its length before it, so that no two bodies run together into the same bytes.
  private static void update(MessageDigest digest, byte[] part) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, part.length));
    digest.update(part);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
