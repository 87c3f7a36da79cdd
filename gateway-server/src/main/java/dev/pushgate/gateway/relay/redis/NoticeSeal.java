package dev.pushgate.gateway.relay.redis;

import dev.pushgate.auth.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Puts the cluster's HMAC before what nodes tell each other, and takes it off again: a byte with
/// its length (0 without a secret), the HMAC-SHA256, and the body. Thread-safe.
final class NoticeSeal {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int LENGTH = 32;

  private final @Nullable SecretKeySpec key;

  NoticeSeal(@Nullable Secret secret) {
    this.key =
        secret == null
            ? null
            : new SecretKeySpec(secret.reveal().getBytes(StandardCharsets.UTF_8), ALGORITHM);
  }

  byte[] close(byte[] body) {
    byte[] mac = mac(body, 0);
    byte[] sealed = new byte[1 + mac.length + body.length];
    sealed[0] = (byte) mac.length;
    System.arraycopy(mac, 0, sealed, 1, mac.length);
    System.arraycopy(body, 0, sealed, 1 + mac.length, body.length);
    return sealed;
  }

  /// The body; empty when this cluster did not seal it.
  Optional<byte[]> open(byte[] sealed) {
    int length = key == null ? 0 : LENGTH;
    if (sealed.length <= length || sealed[0] != length) {
      return Optional.empty();
    }
    byte[] found = Arrays.copyOfRange(sealed, 1, 1 + length);
    return MessageDigest.isEqual(found, mac(sealed, 1 + length))
        ? Optional.of(Arrays.copyOfRange(sealed, 1 + length, sealed.length))
        : Optional.empty();
  }

  private byte[] mac(byte[] bytes, int from) {
    if (key == null) {
      return new byte[0];
    }
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      mac.update(bytes, from, bytes.length - from);
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has it", e);
    }
  }
}
