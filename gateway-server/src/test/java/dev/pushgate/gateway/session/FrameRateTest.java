package dev.pushgate.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.session.FrameRate.Verdict;
import org.junit.jupiter.api.Test;

class FrameRateTest {
  private static final long SECOND = 1_000_000_000;
  private static final long START = Long.MAX_VALUE - SECOND * 3 / 2;

  private final FrameRate rate = new FrameRate(100, 500, START);

  @Test
  void aBurstPassesThenOneWarningThenTheEnd() {
    for (int i = 0; i < 500; i++) {
      assertThat(rate.count(START)).isEqualTo(Verdict.FINE);
    }
    assertThat(rate.count(START)).isEqualTo(Verdict.WARN);
    for (int i = 0; i < 99; i++) {
      assertThat(rate.count(START)).isEqualTo(Verdict.FINE);
    }
    assertThat(rate.count(START)).isEqualTo(Verdict.CLOSE);
  }

  @Test
  void theSteadyRatePassesForEverAlsoWhenTheClockWrapsRound() {
    long now = START;
    for (int i = 0; i < 10_000; i++) {
      now += SECOND / 100;
      assertThat(rate.count(now)).isEqualTo(Verdict.FINE);
    }
  }

  @Test
  void whoWasQuietForLongEnoughMayBurstAgainAndIsWarnedAgain() {
    for (int i = 0; i < 501; i++) {
      rate.count(START);
    }
    long later = START;
    later += 10 * SECOND;
    for (int i = 0; i < 500; i++) {
      assertThat(rate.count(later)).isEqualTo(Verdict.FINE);
    }
    assertThat(rate.count(later)).isEqualTo(Verdict.WARN);
  }
}
