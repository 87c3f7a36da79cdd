package dev.pushgate.core.name;

import java.security.SecureRandom;

/// Hashes of what strangers choose, for the keys of maps: whoever does not know this process's seed
/// finds no two names of one hash, or of one shard, but by chance. SipHash-1-3 over a text's UTF-16
/// units (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012). Another process gives
/// other hashes: none is stored or sent. Stateless.
public final class SeededHash {
  private static final long KEY_0;
  private static final long KEY_1;

  static {
    SecureRandom random = new SecureRandom();
    KEY_0 = random.nextLong();
    KEY_1 = random.nextLong();
  }

  private static final int UNITS_A_BLOCK = 4;
  private static final int LAST_ROUNDS = 3;

  private SeededHash() {}

  public static int of(String text) {
    return fold(of(text, KEY_0, KEY_1));
  }

  /// Of two texts, which do not run together.
  public static int of(String first, String second) {
    // The first one's hash is the second one's key: no ending of the one is a beginning of the
    // other.
    return fold(of(second, of(first, KEY_0, KEY_1), KEY_1));
  }

  private static int fold(long hash) {
    return (int) (hash ^ (hash >>> Integer.SIZE));
  }

  static long of(String text, long key0, long key1) {
    long v0 = key0 ^ 0x736f6d6570736575L;
    long v1 = key1 ^ 0x646f72616e646f6dL;
    long v2 = key0 ^ 0x6c7967656e657261L;
    long v3 = key1 ^ 0x7465646279746573L;
    int blocks = text.length() / UNITS_A_BLOCK + 1;
    for (int i = 0; i < blocks + LAST_ROUNDS; i++) {
      long block = i < blocks ? block(text, i * UNITS_A_BLOCK) : 0;
      if (i == blocks) {
        v2 ^= 0xff;
      }
      v3 ^= block;
      v0 += v1;
      v2 += v3;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v1;
      v0 += v3;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 = Long.rotateLeft(v2, 32);
      v0 ^= block;
    }
    return v0 ^ v1 ^ v2 ^ v3;
  }

  /// Four units, or what is left of them and then the length.
  private static long block(String text, int from) {
    if (text.length() - from >= UNITS_A_BLOCK) {
      return text.charAt(from)
          | (long) text.charAt(from + 1) << 16
          | (long) text.charAt(from + 2) << 32
          | (long) text.charAt(from + 3) << 48;
    }
    long block = (long) text.length() << 48;
    for (int at = from; at < text.length(); at++) {
      block |= (long) text.charAt(at) << 16 * (at - from);
    }
    return block;
  }
}
