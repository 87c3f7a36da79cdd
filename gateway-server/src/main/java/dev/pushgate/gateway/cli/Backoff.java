package dev.pushgate.gateway.cli;

import dev.pushgate.core.pace.DoublingPause;
import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long to wait before the next try: longer each time, and at random, so that many clients of a
/// server that went away do not come back in the same moment. Confined to one thread.
final class Backoff {
  private static final DoublingPause CEILINGS =
      new DoublingPause(Duration.ofMillis(500), Duration.ofSeconds(30));

  private final RandomGenerator random;
  private Duration ceiling = CEILINGS.first();

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  /// Something between half and all of a time that doubles up to 30 s.
  Duration next() {
    long millis = ceiling.toMillis();
    ceiling = CEILINGS.after(ceiling);
    return Duration.ofMillis(millis / 2 + random.nextLong(millis / 2 + 1));
  }

  /// It worked: the next wait is a short one again.
  void reset() {
    ceiling = CEILINGS.first();
  }
}
