package dev.pushgate.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
  @Test
  void eachWaitIsBetweenHalfAndAllOfATimeThatDoublesUpTo30Seconds() {
    Backoff backoff = new Backoff(new Random(1));

    for (long ceilingMs : new long[] {500, 1000, 2000, 4000, 8000, 16000, 30000, 30000}) {
      assertThat(backoff.next())
          .isBetween(Duration.ofMillis(ceilingMs / 2), Duration.ofMillis(ceilingMs));
    }
  }

  @Test
  void afterASuccessTheWaitIsShortAgain() {
    Backoff backoff = new Backoff(new Random(1));
    for (int i = 0; i < 10; i++) {
      backoff.next();
    }

    backoff.reset();

    assertThat(backoff.next()).isLessThanOrEqualTo(Duration.ofMillis(500));
  }
}
