package dev.pushgate.gateway.cli;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long to wait before the next try: longer each time, and at random, so that many clients of a
/// server that went away do not come back in the same moment. Confined to one thread.
final class Backoff {
  private static final Duration FIRST = Duration.ofMillis(500);
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final RandomGenerator random;
  private Duration ceiling = FIRST;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  /// Something between half and all of a time that doubles up to 30 s.
  Duration next() {
    long millis = ceiling.toMillis();
    ceiling = ceiling.multipliedBy(2).compareTo(LONGEST) < 0 ? ceiling.multipliedBy(2) : LONGEST;
    return Duration.ofMillis(millis / 2 + random.nextLong(millis / 2 + 1));
  }

  /// It worked: the next wait is a short one again.
  void reset() {
    ceiling = FIRST;
  }
}
