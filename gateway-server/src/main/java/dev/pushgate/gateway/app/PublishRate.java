package dev.pushgate.gateway.app;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.pushgate.auth.Principal;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.SeededHash;
import dev.pushgate.rest.PublishLimiter;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.time.Duration;
import java.util.Optional;

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
  /// device; else those of the one client that it was minted for. Not those of the key
  /// that minted it: that may have minted everybody's.
  private static Publisher publisher(Principal principal) {
    return switch (principal) {
      case Principal.KeyHolder holder -> new Publisher(holder.app(), holder.keyId());
      case Principal.TokenBearer bearer -> new Publisher(bearer.app(), bearer.publisher());
    };
  }

  /// Its hash is seeded, for users may choose their names.
  ///
  /// @param name a key's id, which is hexadecimal, or what [Principal#publisher] says of a token
  private record Publisher(AppId app, String name) implements Comparable<Publisher> {
    @Override
    public int compareTo(Publisher other) {
      int byName = name.compareTo(other.name);
      return byName != 0 ? byName : app.compareTo(other.app);
    }

    @Override
    public int hashCode() {
      return SeededHash.of(app.value(), name);
    }
  }

  private Bucket bucket() {
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(perSecond).refillGreedy(perSecond, Duration.ofSeconds(1)))
        .build();
  }
}
