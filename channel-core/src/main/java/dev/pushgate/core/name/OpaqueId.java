package dev.pushgate.core.name;

import java.util.random.RandomGenerator;

/// Names that say nothing but that two things are not the same: of epochs, nodes and notices. 64
/// random bits in base 36, so 1 to 13 of `a–z 0–9`. Stateless.
public final class OpaqueId {
  private OpaqueId() {}

  /// Another one at each call, and as hard to guess as `random` is.
  public static String next(RandomGenerator random) {
    return Long.toUnsignedString(random.nextLong(), Character.MAX_RADIX);
  }
}
