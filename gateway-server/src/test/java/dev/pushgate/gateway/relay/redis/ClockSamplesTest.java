package dev.pushgate.gateway.relay.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ClockSamplesTest {
  private static final String OLD = "the connection that was given up";
  private static final String NEW = "the next one";
  private static final long SECOND = 1_000_000_000;

  private final AtomicReference<String> up = new AtomicReference<>();
  private final ClockSamples clocks = new ClockSamples(up::get);

  private void up(String connection, long redisMs) {
    clocks.prepared(new ServerClock(connection, redisMs, 0));
    up.set(connection);
    clocks.up(connection);
  }

  @Test
  void aSampleCountsWhenItsConnectionIsUp() {
    clocks.prepared(new ServerClock(OLD, 1_000, 0));
    assertThat(clocks.current()).isNull();
    up(OLD, 1_000);
    assertThat(clocks.current()).isEqualTo(new ServerClock(OLD, 1_000, 0));
    up.set(null);
    assertThat(clocks.current()).isNull();
  }

  @Test
  void aDialThatWasGivenUpAndAnswersLateTellsNothing() {
    clocks.prepared(new ServerClock(NEW, 2_000, 0));
    clocks.prepared(new ServerClock(OLD, 9_000, 0));
    up.set(NEW);
    clocks.up(NEW);
    clocks.prepared(new ServerClock(OLD, 9_000, 0));
    assertThat(clocks.current()).isEqualTo(new ServerClock(NEW, 2_000, 0));
  }

  @Test
  void aLostConnectionThatAnswersLateTellsNothing() {
    up(OLD, 9_000);
    up(NEW, 2_000);
    clocks.sampled(new ServerClock(OLD, 9_001, SECOND));
    assertThat(clocks.current()).isEqualTo(new ServerClock(NEW, 2_000, 0));
  }

  @Test
  void theBetterOfTwoSamplesOfOneConnectionCounts() {
    up(NEW, 2_000);
    clocks.sampled(new ServerClock(NEW, 2_900, SECOND)); // its answer was 100 ms on its way
    assertThat(clocks.current()).isEqualTo(new ServerClock(NEW, 2_000, 0));
    ServerClock better = new ServerClock(NEW, 3_010, SECOND);
    clocks.sampled(better);
    assertThat(clocks.current()).isEqualTo(better);
  }

  @Test
  void anotherServersClockIsNeverTheBetterOne() {
    ServerClock ahead = new ServerClock(OLD, 9_000, 0);
    ServerClock newer = new ServerClock(NEW, 2_000, SECOND);
    assertThat(ahead.orBetter(newer)).isEqualTo(newer);
  }
}
