package dev.pushgate.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.testing.SettableClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SteadyClockTest {
  private final SettableClock wall = new SettableClock();
  private final long begun = wall.millis();
  private final SteadyClock clock = new SteadyClock(wall, wall::nanoTime);

  @Test
  void timeThatPassesIsBelieved() {
    wall.advance(Duration.ofDays(4));
    assertThat(clock.millis()).isEqualTo(begun + Duration.ofDays(4).toMillis());
  }

  @Test
  void aSmallStepIsBelieved() {
    wall.jump(Duration.ofSeconds(60));
    assertThat(clock.millis()).isEqualTo(begun + 60_000);
  }

  @Test
  void aJumpIsBelievedWhenItHasLasted() {
    wall.jump(Duration.ofDays(4));
    assertThat(clock.millis()).isEqualTo(begun);
    wall.advance(SteadyClock.BELIEVED_AFTER.minusMillis(1));
    assertThat(clock.millis()).isEqualTo(begun + SteadyClock.BELIEVED_AFTER.toMillis() - 1);
    wall.advance(Duration.ofMillis(1));
    assertThat(clock.millis()).isEqualTo(wall.millis());
    wall.advance(Duration.ofMinutes(5));
    assertThat(clock.millis()).isEqualTo(wall.millis());
  }

  @Test
  void aSecondJumpHasToLastAnew() {
    wall.jump(Duration.ofHours(2));
    assertThat(clock.millis()).isEqualTo(begun);
    wall.advance(Duration.ofMinutes(59));
    wall.jump(Duration.ofDays(4));
    assertThat(clock.millis()).isEqualTo(begun + Duration.ofMinutes(59).toMillis());
    wall.advance(Duration.ofMinutes(59));
    assertThat(clock.millis()).isEqualTo(begun + Duration.ofMinutes(118).toMillis());
  }

  @Test
  void aJumpThatIsTakenBackIsForgotten() {
    wall.jump(Duration.ofDays(4));
    assertThat(clock.millis()).isEqualTo(begun);
    wall.advance(Duration.ofMinutes(1));
    wall.jump(Duration.ofDays(-4));
    assertThat(clock.millis()).isEqualTo(begun + 60_000);
    wall.jump(Duration.ofDays(4));
    assertThat(clock.millis()).isEqualTo(begun + 60_000);
    wall.advance(SteadyClock.BELIEVED_AFTER.minusMillis(1));
    assertThat(clock.millis())
        .isEqualTo(begun + 60_000 + SteadyClock.BELIEVED_AFTER.toMillis() - 1);
  }

  @Test
  void aClockThatIsSetBackIsBelieved() {
    wall.jump(Duration.ofDays(-4));
    assertThat(clock.millis()).isEqualTo(wall.millis());
  }
}
