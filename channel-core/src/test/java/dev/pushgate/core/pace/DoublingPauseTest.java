package dev.pushgate.core.pace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DoublingPauseTest {
  @Test
  void eachPauseIsTwiceTheLastUpToTheLongest() {
    DoublingPause pauses = new DoublingPause(Duration.ofMillis(50), Duration.ofMillis(300));
    assertThat(Stream.iterate(pauses.first(), pauses::after).limit(5).map(Duration::toMillis))
        .containsExactly(50L, 100L, 200L, 300L, 300L);
  }

  @Test
  void aPauseThatWouldNeverGrowIsRefused() {
    assertThatThrownBy(() -> new DoublingPause(Duration.ZERO, Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new DoublingPause(Duration.ofSeconds(2), Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
