package dev.pushgate.gateway.relay.redis;

import dev.pushgate.auth.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Authenticates what nodes of a cluster send each other: HMAC-SHA256 with their common secret, or
/// nothing when there is none. A sealed text is one byte with the length of the code, the code, and
/// the text. Thread-safe.
public final class Seal {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int CODE_BYTES = 32;

  private final @Nullable Mac prototype;

  public Seal(@Nullable Secret secret) {
    this.prototype = secret == null ? null : keyed(secret);
  }

  private static Mac keyed(Secret secret) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.reveal().getBytes(StandardCharsets.UTF_8), ALGORITHM));
      return (Mac) mac.clone(); // shows that it can be, as each call below does
    } catch (NoSuchAlgorithmException | InvalidKeyException | CloneNotSupportedException e) {
      throw new IllegalStateException("this platform has no " + ALGORITHM, e);
    }
  }

  /// How many bytes a seal adds to a text.
  int overhead() {
    return prototype == null ? 1 : 1 + CODE_BYTES;
  }

  /// Writes the seal into the first [#overhead] bytes of `sealed`, for the text behind them.
  void close(byte[] sealed) {
    if (prototype == null) {
      sealed[0] = 0;
      return;
    }
    byte[] code = code(prototype, sealed, overhead());
    sealed[0] = CODE_BYTES;
    System.arraycopy(code, 0, sealed, 1, CODE_BYTES);
  }

  /// A text, sealed.
  public byte[] close(ByteBuffer text) {
    byte[] sealed = new byte[overhead() + text.remaining()];
    text.get(sealed, overhead(), text.remaining());
    close(sealed);
    return sealed;
  }

  /// The text in `sealed`, from there to its end; null when it was not sealed with the same secret.
  /// A seal is refused also where there is no secret: then the nodes are not of one mind.
  public @Nullable ByteBuffer open(byte[] sealed, int from) {
    int text = from + overhead();
    if (sealed.length < text || sealed[from] != overhead() - 1) {
      return null;
    }
    if (prototype != null) {
      byte[] said = new byte[CODE_BYTES];
      System.arraycopy(sealed, from + 1, said, 0, CODE_BYTES);
      if (!MessageDigest.isEqual(said, code(prototype, sealed, text))) {
        return null;
      }
    }
    return ByteBuffer.wrap(sealed, text, sealed.length - text).slice();
  }

  private static byte[] code(Mac prototype, byte[] bytes, int from) {
    try {
      Mac mac = (Mac) prototype.clone();
      mac.update(bytes, from, bytes.length - from);
      return mac.doFinal();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError("it could be cloned before", e);
    }
  }
}
