package dev.pushgate.gateway.net;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.pushgate.core.name.ClientNetwork;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.function.LongSupplier;

/// Keeps count of failed authentications for each client's network ([ClientNetwork]), so that a
/// client that comes back for ever with a dead key is cheap. Thread-safe; bounded in memory.
///
/// It holds back failures and never successes: behind a proxy, or a carrier's NAT, one client with
/// a dead key must not shut out all that share its address. So what a client shows is looked at
/// every time. A key is found by its hash; a token costs its signature's check, which is less than
/// the request around it; and neither can be guessed, however often one may try.
public final class AddressGuard {
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

  /// Notes a failed authentication.
  ///
  /// @return whether it is told so; else it was one too many: it is answered with 429, or ends the
  ///     session that showed it
  public boolean failed(String address) {
    return buckets.get(ClientNetwork.of(address), key -> fullBucket()).tryConsume(1);
  }

  private Bucket fullBucket() {
    return Bucket.builder()
        .addLimit(
            limit -> limit.capacity(burst).refillGreedy(failuresPerSecond, Duration.ofSeconds(1)))
        .withCustomTimePrecision(time)
        .build();
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
