package dev.pushgate.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.testing.SettableClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ClockWatchTest {
  private final SettableClock clock = new SettableClock();
  private final AtomicInteger steps = new AtomicInteger();
  private long nanos;
  private long lookTakesNanos;
  private final ClockWatch watch =
      new ClockWatch(clock, () -> nanos += lookTakesNanos, steps::incrementAndGet);

  private int stepsAfter(Duration passed, Duration shown) {
    nanos += passed.toNanos();
    clock.advance(shown);
    watch.run();
    return steps.get();
  }

  @Test
  void aClockThatIsSetIsNoticedOnceEitherWay() {
    assertThat(stepsAfter(Duration.ofSeconds(1), Duration.ofHours(2))).isEqualTo(1);
    assertThat(stepsAfter(Duration.ofSeconds(1), Duration.ofSeconds(1))).isEqualTo(1);
    assertThat(stepsAfter(Duration.ofSeconds(1), Duration.ofHours(-2))).isEqualTo(2);
    assertThat(stepsAfter(Duration.ofSeconds(1), Duration.ofSeconds(1))).isEqualTo(2);
  }

  @Test
  void aClockThatIsKeptRightAndALookThatComesLateAreNoStep() {
    for (int i = 0; i < 10_000; i++) {
      stepsAfter(Duration.ofMillis(1_000), Duration.ofMillis(1_001));
    }
    assertThat(stepsAfter(Duration.ofMinutes(5), Duration.ofMinutes(5))).isZero();
  }

  @Test
  void aThreadThatIsHeldUpWhileItLooksSeesNoStep() {
    lookTakesNanos = Duration.ofSeconds(5).toNanos();
    assertThat(stepsAfter(Duration.ofSeconds(1), Duration.ofSeconds(1))).isZero();
  }
}
