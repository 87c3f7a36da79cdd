package dev.pushgate.gateway.store;

import static dev.pushgate.gateway.store.Samples.EPOCH;
import static dev.pushgate.gateway.store.Samples.key;
import static dev.pushgate.gateway.store.Samples.publication;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.store.Job.Append;
import org.junit.jupiter.api.Test;

class LaneQueueTest {
  private static final int MAX_BYTES = 10_000;

  private final LaneQueue queue = new LaneQueue(10, MAX_BYTES);

  @Test
  void whatWeighsMoreThanTheQueueMayHoldIsTakenWhenNothingElseWaits() throws InterruptedException {
    Append heavy = append(MAX_BYTES + 1);

    assertThat(queue.offer(heavy)).isTrue();
    assertThat(queue.offer(append(1))).isFalse();
    assertThat(queue.take()).containsExactly(heavy);
    assertThat(queue.bytes()).isZero();
    assertThat(queue.offer(append(1))).isTrue();
    assertThat(queue.offer(append(MAX_BYTES + 1))).isFalse();
  }

  private static Append append(int bytes) {
    return new Append(publication(key(), EPOCH, 1, "1".repeat(bytes)), null);
  }
}
