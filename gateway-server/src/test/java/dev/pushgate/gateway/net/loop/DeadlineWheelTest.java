package dev.pushgate.gateway.net.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DeadlineWheelTest {
  private static final Duration TICK = Duration.ofMillis(100);

  /// Not zero: System.nanoTime begins anywhere, also just before it overflows.
  private long now = Long.MAX_VALUE - 5_000_000;

  private boolean inside = true;
  private final DeadlineWheel wheel = new DeadlineWheel(() -> now, () -> inside, TICK);
  private final List<String> expired = new ArrayList<>();

  @Test
  void aDeadlineExpiresOnceAndNeverEarly() {
    wheel.register(() -> expired.add("a"), Duration.ofMillis(250));
    pass(200);
    assertThat(expired).isEmpty();
    pass(10_000);
    assertThat(expired).containsExactly("a");
  }

  @Test
  void aDeadlineIsAtMostTwoTicksLate() {
    wheel.register(() -> expired.add("a"), Duration.ofMillis(250));
    pass(450);
    assertThat(expired).containsExactly("a");
  }

  @Test
  void aDeadlineBeyondOneRevolutionExpiresInItsTime() {
    wheel.register(() -> expired.add("a"), Duration.ofMinutes(5));
    pass(299_900);
    assertThat(expired).isEmpty();
    pass(300);
    assertThat(expired).containsExactly("a");
  }

  @Test
  void aDeadlineThatIsMovedAgainAndAgainDoesNotExpire() {
    Deadline deadline = wheel.register(() -> expired.add("a"), Duration.ofSeconds(1));
    for (int i = 0; i < 1000; i++) {
      pass(900);
      deadline.reset(Duration.ofSeconds(1));
    }
    assertThat(expired).isEmpty();
    pass(1_200);
    assertThat(expired).containsExactly("a");
  }

  @Test
  void aDeadlineCanBeMovedToAnEarlierTime() {
    Deadline deadline = wheel.register(() -> expired.add("a"), Duration.ofMinutes(10));
    deadline.reset(Duration.ofMillis(100));
    pass(300);
    assertThat(expired).containsExactly("a");
    pass(700_000);
    assertThat(expired).hasSize(1);
  }

  @Test
  void aDeadlineThatIsCalledOffDoesNotExpire() {
    Deadline deadline = wheel.register(() -> expired.add("a"), Duration.ofMillis(100));
    deadline.cancel();
    deadline.cancel();
    pass(1_000);
    assertThat(expired).isEmpty();
  }

  @Test
  void aDeadlineThatExpiredCanBeArmedAgain() {
    Deadline deadline = wheel.register(() -> expired.add("a"), Duration.ofMillis(100));
    pass(300);
    deadline.reset(Duration.ofMillis(100));
    pass(300);
    assertThat(expired).containsExactly("a", "a");
  }

  @Test
  void whatExpiresMayCallOffAnotherOfTheSameMoment() {
    List<Deadline> both = new ArrayList<>();
    both.add(wheel.register(() -> both.get(1).cancel(), Duration.ofMillis(100)));
    both.add(wheel.register(() -> expired.add("b"), Duration.ofMillis(100)));
    pass(1_000);
    assertThat(expired).isEmpty();
  }

  @Test
  void whatExpiresMayRegisterAgainAtOnce() {
    AtomicInteger times = new AtomicInteger();
    Runnable[] again = new Runnable[1];
    again[0] =
        () -> {
          if (times.incrementAndGet() < 5) {
            wheel.register(again[0], Duration.ZERO);
          }
        };
    wheel.register(again[0], Duration.ZERO);
    pass(100);
    assertThat(times).hasValue(1);
    pass(1_000);
    assertThat(times).hasValue(5);
  }

  @Test
  void aFailingActionKeepsNoOtherFromRunning() {
    wheel.register(
        () -> {
          throw new IllegalStateException("on purpose");
        },
        Duration.ofMillis(100));
    wheel.register(() -> expired.add("b"), Duration.ofMillis(100));
    pass(300);
    assertThat(expired).containsExactly("b");
  }

  @Test
  void anErrorInAnActionKeepsNoOtherFromRunning() {
    wheel.register(
        () -> {
          throw new StackOverflowError("on purpose");
        },
        Duration.ofMillis(100));
    wheel.register(() -> expired.add("b"), Duration.ofMillis(100));
    pass(300);
    assertThat(expired).containsExactly("b");
  }

  @Test
  void aLoopThatWasHeldUpForMinutesMissesNone() {
    for (int i = 0; i < 1_000; i++) {
      String name = "d" + i;
      wheel.register(() -> expired.add(name), Duration.ofMillis(i * 100L));
    }
    now += Duration.ofMinutes(10).toNanos();
    pass(200);
    assertThat(expired).hasSize(1_000);
  }

  @Test
  void whatALoopThatWasHeldUpHearsAtOnceIsInTime() {
    Deadline heard = wheel.register(() -> expired.add("heard"), Duration.ofSeconds(5));
    wheel.register(() -> expired.add("silent"), Duration.ofSeconds(5));
    now += Duration.ofSeconds(20).toNanos();
    wheel.advance();
    heard.reset(Duration.ofSeconds(5)); // the I/O behind the first tick
    pass(100);
    assertThat(expired).containsExactly("silent");
  }

  @Test
  void onlyItsOwnLoopMayUseIt() {
    inside = false;
    assertThatThrownBy(() -> wheel.register(() -> {}, TICK)).isInstanceOf(AssertionError.class);
  }

  /// Against the obvious: a list of due times. Registers, moves and calls off at random.
  @Test
  void randomUseAgreesWithAPlainList() {
    Random random = new Random(42);
    int count = 200;
    long[] due = new long[count];
    Deadline[] deadlines = new Deadline[count];
    long begin = now;
    for (int i = 0; i < count; i++) {
      int index = i;
      due[i] = Long.MAX_VALUE;
      deadlines[i] =
          wheel.register(
              () -> {
                assertThat(now - begin).isGreaterThanOrEqualTo(due[index]);
                due[index] = Long.MAX_VALUE;
              },
              Duration.ofDays(1));
    }
    for (int step = 0; step < 20_000; step++) {
      int i = random.nextInt(count);
      if (random.nextInt(4) == 0) {
        deadlines[i].cancel();
        due[i] = Long.MAX_VALUE;
      } else {
        Duration delay = Duration.ofMillis(random.nextInt(120_000));
        due[i] = now - begin + delay.toNanos();
        deadlines[i].reset(delay);
      }
      pass(random.nextInt(300));
      for (long d : due) {
        assertThat(now - begin).isLessThan(saturated(d));
      }
    }
  }

  private static long saturated(long due) {
    long latest = due + 3 * TICK.toNanos();
    return latest < due ? Long.MAX_VALUE : latest;
  }

  /// Lets time pass as a loop sees it, tick by tick.
  private void pass(long millis) {
    long end = now + millis * 1_000_000;
    while (end - now > TICK.toNanos()) {
      now += TICK.toNanos();
      wheel.advance();
    }
    now = end;
    wheel.advance();
  }
}
