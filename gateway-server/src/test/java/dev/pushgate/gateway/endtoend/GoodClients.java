package dev.pushgate.gateway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/// Subscribers and one publisher that do nothing wrong, while others do: every message must be
/// accepted at the first try, and reach every subscriber once and in order. How long that took is
/// measured, and told rather than asserted: it says as much about the machine. Thread-safe.
final class GoodClients implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long PAUSE_NANOS = 1_000_000_000L / 50;

  private final String channel = "good-" + System.nanoTime();
  private final Rest rest;
  private final Swarm swarm;
  private final Queue<Long> latencyNanos = new ConcurrentLinkedQueue<>();
  private final Queue<String> refused = new ConcurrentLinkedQueue<>();
  private final Thread publisher;
  private volatile boolean over;
  private volatile long published;

  /// @param subscribers all of one channel, to which 50 messages a second are published
  GoodClients(Node node, int subscribers) {
    // What others have left in the pool may be closed for want of room at the moment of its use.
    this.rest = node.rest().alone();
    this.swarm = new Swarm(this::heard, node);
    swarm.join(subscribers, channel);
    await().atMost(PATIENCE).until(() -> swarm.allHave(0));
    this.publisher = Thread.ofPlatform().name("good-publisher").start(this::publishAll);
  }

  /// How many messages were accepted so far.
  long published() {
    return published;
  }

  private void publishAll() {
    long due = System.nanoTime();
    while (!over) {
      try {
        Rest.Reply reply = rest.publish(channel, Long.toString(System.nanoTime()));
        if (reply.status() == 201) {
          published++;
        } else {
          refused.add(reply.status() + " " + reply.body());
        }
      } catch (UncheckedIOException e) {
        refused.add(e.toString());
      }
      due = Math.max(due + PAUSE_NANOS, System.nanoTime() - PAUSE_NANOS);
      LockSupport.parkNanos(due - System.nanoTime());
    }
  }

  private void heard(String frame) {
    latencyNanos.add(System.nanoTime() - JsonTree.number(frame, "data"));
  }

  /// Ends the load, waits until all have everything, and holds it against what was published.
  ///
  /// @return how long the messages took, as a sentence
  String nobodyMissedAnything() {
    over = true;
    try {
      publisher.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    assertThat(refused).isEmpty();
    await().atMost(PATIENCE).until(() -> swarm.allHave(published));
    assertThat(swarm.complaints()).isEmpty();
    assertThat(swarm.told()).isEmpty();
    long[] sorted = latencyNanos.stream().mapToLong(Long::longValue).sorted().toArray();
    return "%d messages, %d deliveries: p50 %d ms, p99 %d ms, longest %d ms"
        .formatted(published, sorted.length, ms(sorted, 0.5), ms(sorted, 0.99), ms(sorted, 1.0));
  }

  private static long ms(long[] sorted, double part) {
    int index = (int) Math.min(sorted.length - 1, sorted.length * part);
    return sorted.length == 0 ? 0 : sorted[index] / 1_000_000;
  }

  @Override
  public void close() {
    over = true;
    swarm.close();
  }
}
