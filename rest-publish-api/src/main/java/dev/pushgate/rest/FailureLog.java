package dev.pushgate.rest;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Logs requests that failed here, one a second at the most, for a bug that every request meets
/// must not fill the disk. Thread-safe.
final class FailureLog {
  private static final Logger log = LoggerFactory.getLogger(FailureLog.class);
  private static final long PAUSE_MS = Duration.ofSeconds(1).toMillis();

  private final Clock clock;
  private final AtomicLong quietUntilMs = new AtomicLong(Long.MIN_VALUE);
  private final AtomicLong unsaid = new AtomicLong();

  FailureLog(Clock clock) {
    this.clock = clock;
  }

  void failed(ApiRequest request, Throwable failure) {
    long now = clock.millis();
    long until = quietUntilMs.get();
    if (now < until || !quietUntilMs.compareAndSet(until, now + PAUSE_MS)) {
      unsaid.incrementAndGet();
      return;
    }
    log.error(
        "request {} failed: {} {} ({} more since the last such line)",
        request.requestId(),
        request.method(),
        request.path(),
        unsaid.getAndSet(0),
        failure);
  }
}
