package dev.pushgate.auth;

import java.security.SecureRandom;
import java.util.Base64;

/// Texts that nobody can guess. Thread-safe.
final class RandomText {
  private RandomText() {}

  /// `bits` random bits in base64url without padding.
  ///
  /// @param bits a multiple of 8
  static String ofBits(int bits) {
    byte[] bytes = new byte[bits / Byte.SIZE];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
