package dev.pushgate.gateway.relay.redis;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ControlThreadTest {
  @Test
  void whateverATaskThrowsItRunsAgain() {
    AtomicInteger runs = new AtomicInteger();
    try (ControlThread thread = new ControlThread()) {
      thread.every(
          Duration.ofMillis(1),
          () -> {
            runs.incrementAndGet();
            throw new AssertionError("the test says so");
          });
      await().until(() -> runs.get() > 2);
    }
  }
}
