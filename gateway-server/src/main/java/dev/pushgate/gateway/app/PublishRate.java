package dev.pushgate.gateway.app;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.pushgate.auth.Principal;
import dev.pushgate.rest.PublishLimiter;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.time.Duration;
import java.util.Optional;

/// Holds the publishes of each key, or of each user of a token, against a rate. Thread-safe;
/// bounded in memory, for whoever has not published for a while has a full bucket anyway.
final class PublishRate implements PublishLimiter {
  private static final int REMEMBERED = 100_000;

  private final int perSecond;
  private final Cache<String, Bucket> buckets =
      Caffeine.newBuilder()
          .maximumSize(REMEMBERED)
          .expireAfterAccess(Duration.ofSeconds(10))
          .build();

  private PublishRate(int perSecond) {
    this.perSecond = perSecond;
  }

  /// @param perSecond messages a second, of which a second's worth may come at once; 0 for no limit
  static PublishLimiter limiter(int perSecond) {
    return perSecond == 0 ? (principal, messages) -> Optional.empty() : new PublishRate(perSecond);
  }

  @Override
  public Optional<Duration> retryAfter(Principal principal, int messages) {
    Bucket bucket = buckets.get(holder(principal), _ -> bucket());
    // A batch larger than a second's worth can never be had at once: it takes all there is.
    ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(Math.min(messages, perSecond));
    return probe.isConsumed()
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(probe.getNanosToWaitForRefill()));
  }

  private static String holder(Principal principal) {
    String keyId = principal.keyId();
    return keyId != null ? keyId : principal.app() + "/" + principal.userId();
  }

  private Bucket bucket() {
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(perSecond).refillGreedy(perSecond, Duration.ofSeconds(1)))
        .build();
  }
}
