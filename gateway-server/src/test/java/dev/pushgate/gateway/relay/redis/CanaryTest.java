package dev.pushgate.gateway.relay.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class CanaryTest {
  private final AtomicLong nanos = new AtomicLong(-5);
  private final Canary canary = new Canary(nanos::get);

  @Test
  void itsAgeIsTheTimeSinceTheNewestThatCameWasSent() {
    pass(2_000);
    assertThat(canary.ageMs()).isEqualTo(2_000);

    long first = canary.next();
    pass(1_000);
    long second = canary.next();
    pass(300);
    comes(first);
    assertThat(canary.ageMs()).isEqualTo(1_300);
    comes(second);
    assertThat(canary.ageMs()).isEqualTo(300);
    comes(first);

    assertThat(canary.ageMs()).isEqualTo(300);
  }

  @Test
  void oneThatComesLateIsOldButTheConnectionIsGood() {
    for (int i = 0; i < 5; i++) {
      canary.next();
      pass(1_000);
    }
    comes(1);
    canary.next();
    pass(2_999);

    assertThat(canary.ageMs()).isEqualTo(7_999);
    assertThat(canary.isAway()).isFalse();
  }

  @Test
  void oneThatComesSoLateThatItsTimeIsForgottenSaysNothing() {
    for (int i = 0; i < 65; i++) {
      canary.next();
      pass(1_000);
    }
    comes(1);

    assertThat(canary.hasCome()).isFalse();
    assertThat(canary.ageMs()).isEqualTo(65_000);
  }

  @Test
  void whatWasNotSentIsNoCanary() {
    long number = canary.next();
    pass(1_000);
    for (String text : new String[] {"", "-1", "0", "x", number + 1 + "", "9".repeat(40)}) {
      canary.came(text);
    }

    assertThat(canary.ageMs()).isEqualTo(1_000);
  }

  @Test
  void anotherConnectionIsDueEveryThreeSecondsWithoutOne() {
    canary.next();
    pass(2_000);
    canary.next();
    pass(999);
    assertThat(canary.isAway()).isFalse();
    pass(1);
    assertThat(canary.isAway()).isTrue();
    assertThat(canary.isAway()).isFalse();
    canary.next();
    pass(3_000);
    assertThat(canary.isAway()).isTrue();

    comes(canary.next());
    canary.next();
    pass(2_999);
    assertThat(canary.isAway()).isFalse();
  }

  @Test
  void whatWasNeverSentIsNotMissed() {
    pass(10_000);
    assertThat(canary.isAway()).isFalse();

    canary.next();
    pass(2_999);
    assertThat(canary.isAway()).isFalse();
    assertThat(canary.ageMs()).isEqualTo(12_999);
  }

  @Test
  void whatWasSentBeforeAnybodyListenedIsNotMissed() {
    canary.next();
    pass(2_900);
    canary.beginAnew();
    canary.next();
    pass(2_999);
    assertThat(canary.isAway()).isFalse();
    pass(1);
    assertThat(canary.isAway()).isTrue();
  }

  private void comes(long number) {
    canary.came(Long.toString(number));
  }

  private void pass(long ms) {
    nanos.addAndGet(Duration.ofMillis(ms).toNanos());
  }
}
