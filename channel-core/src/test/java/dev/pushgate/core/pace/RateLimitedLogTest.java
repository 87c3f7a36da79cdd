package dev.pushgate.core.pace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

class RateLimitedLogTest {
  private final NotedLog lines = new NotedLog();
  private long nanos = Long.MAX_VALUE - 500_000_000;
  private final RateLimitedLog log = new RateLimitedLog(lines, () -> nanos);

  @Test
  void aFailureIsLoggedWithItsTraceAndItsWeight() {
    IllegalStateException broken = new IllegalStateException("broken");
    log.error("it broke", broken);
    nanos += 1_000_000_000;
    log.warn("it broke again", broken);
    assertThat(lines.lines)
        .containsExactly(
            new NotedLog.Line(Level.ERROR, "it broke", broken),
            new NotedLog.Line(Level.WARN, "it broke again", broken));
  }

  @Test
  void manyFailuresAreOneLineASecondAndAreCountedAlsoWhereTheCounterTurnsOver() {
    for (int i = 0; i < 100; i++) {
      log.warn("it broke", new IllegalStateException("broken"));
    }
    assertThat(lines.said()).hasSize(1);
    nanos += 1_000_000_000;
    log.warn("it broke", new IllegalStateException("broken"));
    assertThat(lines.said()).containsExactly("it broke", "it broke (and 99 like it before)");
  }
}
