package dev.pushgate.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MetricsTest {
  @Test
  void whatIsCountedAndGaugedOutlivesTheGarbageCollector() {
    AtomicLong value = new AtomicLong(1);
    try (Metrics metrics = new Metrics()) {
      metrics.counter("test.count", "help", () -> value.get());
      metrics.gauge("test.gauge", "help", () -> value.get());
      assertThat(metrics.scrape()).contains("\ntest_count_total 1.0\n");

      collectGarbage();
      value.set(2);

      assertThat(metrics.scrape()).contains("\ntest_count_total 2.0\n", "\ntest_gauge 2.0\n");
    }
  }

  private static void collectGarbage() {
    WeakReference<Object> garbage = new WeakReference<>(new Object());
    while (garbage.get() != null) {
      System.gc();
      Thread.onSpinWait();
    }
  }
}
