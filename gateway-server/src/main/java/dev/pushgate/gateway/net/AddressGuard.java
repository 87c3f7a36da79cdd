package dev.pushgate.gateway.net;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import io.netty.util.NetUtil;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.LongSupplier;

/// Keeps count of failed authentications for each client address, so that guessing keys is slow and
/// a client that comes back for ever with a dead one is cheap. Thread-safe; bounded in memory.
///
/// An IPv6 client owns a whole /64 at least, so that is what is counted of its address.
public final class AddressGuard {
  private static final int IPV6_BYTES = 16;
  private static final int IPV6_NETWORK_BYTES = 8;

  private final int failuresPerSecond;
  private final int burst;
  private final TimeMeter time;
  private final Cache<String, Bucket> buckets;

  /// @param failuresPerSecond how fast an address is forgiven
  /// @param burst how many failures an address may have at once
  /// @param maxAddresses how many addresses are remembered; beyond it those seldom seen are
  ///     forgotten
  /// @param nanoTime as [System#nanoTime]
  public AddressGuard(int failuresPerSecond, int burst, int maxAddresses, LongSupplier nanoTime) {
    this.failuresPerSecond = failuresPerSecond;
    this.burst = burst;
    this.time = new NanoTime(nanoTime);
    this.buckets =
        Caffeine.newBuilder()
            .maximumSize(maxAddresses)
            .ticker(nanoTime::getAsLong)
            // By then the bucket is full again, so forgetting it changes nothing.
            .expireAfterAccess(Duration.ofSeconds(1L + burst / failuresPerSecond))
            .build();
  }

  /// Whether something from this address is looked at, rather than answered with 429.
  public boolean admitted(String address) {
    Bucket bucket = buckets.getIfPresent(keyOf(address));
    return bucket == null || bucket.getAvailableTokens() > 0;
  }

  /// Notes a failed authentication.
  public void failed(String address) {
    buckets.get(keyOf(address), key -> fullBucket()).tryConsume(1);
  }

  private Bucket fullBucket() {
    return Bucket.builder()
        .addLimit(
            limit -> limit.capacity(burst).refillGreedy(failuresPerSecond, Duration.ofSeconds(1)))
        .withCustomTimePrecision(time)
        .build();
  }

  private static String keyOf(String address) {
    if (address.indexOf(':') < 0) {
      return address;
    }
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
    return bytes == null || bytes.length != IPV6_BYTES
        ? address
        : HexFormat.of().formatHex(Arrays.copyOf(bytes, IPV6_NETWORK_BYTES));
  }

  private record NanoTime(LongSupplier source) implements TimeMeter {
    @Override
    public long currentTimeNanos() {
      return source.getAsLong();
    }

    @Override
    public boolean isWallClockBased() {
      return false;
    }
  }
}
