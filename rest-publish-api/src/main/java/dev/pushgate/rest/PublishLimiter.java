package dev.pushgate.rest;

import dev.pushgate.auth.Principal;
import java.time.Duration;
import java.util.Optional;

/// Limits how much one key or token publishes. Thread-safe; does not block.
@FunctionalInterface
public interface PublishLimiter {
  /// Counts `messages` against the limit and gives empty; or, when they are too many, counts
  /// nothing and tells after what time to try again.
  Optional<Duration> retryAfter(Principal principal, int messages);
}
