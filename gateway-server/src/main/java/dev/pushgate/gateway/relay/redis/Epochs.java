package dev.pushgate.gateway.relay.redis;

import java.util.random.RandomGenerator;

/// Names of epochs: never twice, in this cluster or another. Not to be guessed either, as far as
/// `random` is not.
final class Epochs {
  private Epochs() {}

  static String next(RandomGenerator random) {
    return Long.toUnsignedString(random.nextLong(), Character.MAX_RADIX);
  }
}
