package dev.pushgate.gateway.relay.redis;

import dev.pushgate.core.name.ChannelKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/// Spreads channels over places so that all nodes agree, in whatever order their settings name the
/// places, and that a place more or less moves only the channels that it has or had: each channel
/// goes where the hash of both is highest. Immutable.
final class Rendezvous {
  private static final long FNV_BASIS = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private final long[] seeds;

  /// @param identities what the places are called; no two alike
  Rendezvous(List<String> identities) {
    this.seeds = identities.stream().mapToLong(Rendezvous::seed).toArray();
  }

  int indexOf(ChannelKey key) {
    if (seeds.length == 1) {
      return 0;
    }
    long hash = hash(key);
    int best = 0;
    for (int i = 1; i < seeds.length; i++) {
      if (Long.compareUnsigned(mix(seeds[i] ^ hash), mix(seeds[best] ^ hash)) > 0) {
        best = i;
      }
    }
    return best;
  }

  private static long hash(ChannelKey key) {
    long hash = FNV_BASIS;
    hash = add(hash, key.app().value());
    hash = (hash ^ '/') * FNV_PRIME;
    return add(hash, key.name().value());
  }

  private static long add(long hash, String text) {
    long sum = hash;
    for (int i = 0; i < text.length(); i++) {
      sum = (sum ^ text.charAt(i)) * FNV_PRIME;
    }
    return sum;
  }

  /// The finalizer of MurmurHash3: every bit of the sum moves every bit of the result.
  private static long mix(long sum) {
    long mixed = sum;
    mixed = (mixed ^ (mixed >>> 33)) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ (mixed >>> 33);
  }

  private static long seed(String identity) {
    try {
      byte[] text = identity.getBytes(StandardCharsets.UTF_8);
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(text)).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
