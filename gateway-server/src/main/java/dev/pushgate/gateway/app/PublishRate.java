package dev.pushgate.gateway.app;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.pushgate.auth.Principal;
import dev.pushgate.core.name.AppId;
import dev.pushgate.rest.PublishLimiter;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Holds the publishes of each key, or of each user or client of a token, against a rate.
/// Thread-safe; bounded in memory, for whoever has not published for a while has a full bucket
/// anyway.
final class PublishRate implements PublishLimiter {
  private static final int REMEMBERED = 100_000;

  private final int perSecond;
  private final Cache<Publisher, Bucket> buckets =
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
    Bucket bucket = buckets.get(publisher(principal), _ -> bucket());
    // A batch larger than a second's worth can never be had at once: it takes all there is.
    ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(Math.min(messages, perSecond));
    return probe.isConsumed()
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(probe.getNanosToWaitForRefill()));
  }

  /// Whose publishes are counted together: a key's; else those of a token's user, on whichever
  /// device; else those of the one client that it was minted for.
  private static Publisher publisher(Principal principal) {
    String keyId = principal.keyId();
    if (keyId != null) {
      return new Publisher(principal.app(), Named.KEY, keyId);
    }
    String userId = principal.userId();
    return userId != null
        ? new Publisher(principal.app(), Named.USER, userId)
        : new Publisher(principal.app(), Named.CLIENT, principal.clientId());
  }

  private enum Named {
    KEY,
    USER,
    CLIENT
  }

  /// @param name null for all whose token names nobody
  private record Publisher(AppId app, Named by, @Nullable String name) {}

  private Bucket bucket() {
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(perSecond).refillGreedy(perSecond, Duration.ofSeconds(1)))
        .build();
  }
}
