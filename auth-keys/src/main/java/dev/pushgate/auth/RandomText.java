package dev.pushgate.auth;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/// Texts that nobody can guess. Thread-safe.
final class RandomText {
  private RandomText() {}

  /// `bits` random bits in base64url without padding.
  ///
  /// @param bits a multiple of 8
  static String ofBits(int bits) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random(bits));
  }

  /// The same in hexadecimal, for what people name on a command line: base64url may begin with a
  /// `-`, which is an option there.
  static String hexOfBits(int bits) {
    return HexFormat.of().formatHex(random(bits));
  }

  private static byte[] random(int bits) {
    byte[] bytes = new byte[bits / Byte.SIZE];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }
}
