package dev.pushgate.core.publication;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// What a publisher gave so that a retry is not a second message, and a digest of what it published
/// under it. Immutable.
///
/// @param value 1 to [#MAX_LENGTH] characters, unique within an app and channel
/// @param digest SHA-256 of the body, in hexadecimal: another body under the same key is a conflict
public record IdempotencyKey(String value, String digest) {
  /// The longest key, in characters. (A batch adds `#` and the item's index to it.)
  public static final int MAX_LENGTH = 128;

  /// @param publisher who published it; the same at each retry
  public static IdempotencyKey of(String value, String eventType, String publisher, byte[] data) {
    MessageDigest sha256 = sha256();
    update(sha256, eventType.getBytes(StandardCharsets.UTF_8));
    update(sha256, publisher.getBytes(StandardCharsets.UTF_8));
    update(sha256, data);
    return new IdempotencyKey(value, HexFormat.of().formatHex(sha256.digest()));
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
