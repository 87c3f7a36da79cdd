package dev.pushgate.gateway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.endtoend.Rest.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/// Publishers at several nodes who try each message again, with its key, until it is answered 201.
/// Thread-safe.
final class RetriedLoad {
  private static final int AT_ONCE = 4;

  private final String channel;
  private final Duration bound;
  private final Executor backOff = CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS);
  private final Map<Long, String> published = new ConcurrentHashMap<>();
  private final Queue<Reply> refusals = new ConcurrentLinkedQueue<>();
  private final List<CompletableFuture<Void>> publishers = new ArrayList<>();

  private RetriedLoad(String channel, Duration bound) {
    this.channel = channel;
    this.bound = bound;
  }

  /// Begins to publish.
  ///
  /// @param each how many messages at each node
  /// @param bound how long a node may take for a refusal
  static RetriedLoad start(String channel, int each, Duration bound, List<? extends Node> nodes) {
    RetriedLoad load = new RetriedLoad(channel, bound);
    for (Node node : nodes) {
      for (int first = 0; first < AT_ONCE; first++) {
        List<String> keys =
            IntStream.iterate(first, i -> i < each, i -> i + AT_ONCE)
                .mapToObj(i -> node.port() + "-" + i)
                .toList();
        load.publishers.add(load.publish(node, keys));
      }
    }
    return load;
  }

  private CompletableFuture<Void> publish(Node node, List<String> keys) {
    if (keys.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    String key = keys.getFirst();
    long begun = System.nanoTime();
    return node.rest()
        .publishLater(channel, "\"" + key + "\"", "Idempotency-Key", key)
        .thenComposeAsync(
            reply -> {
              boolean done = reply.status() == 201;
              if (done) {
                published.put(reply.number("data", "offset"), reply.text("data", "id") + " " + key);
              } else {
                assertRefusal(reply, Duration.ofNanos(System.nanoTime() - begun));
                refusals.add(reply);
              }
              return publish(node, done ? keys.subList(1, keys.size()) : keys);
            },
            backOff);
  }

  private void assertRefusal(Reply reply, Duration took) {
    assertThat(reply.status()).as(reply.body()).isEqualTo(503);
    assertThat(reply.text("code")).isEqualTo("RELAY_UNAVAILABLE");
    assertThat(reply.header("Retry-After")).isNotEmpty();
    assertThat(took).isLessThan(bound);
  }

  int done() {
    return published.size();
  }

  int refused() {
    return refusals.size();
  }

  /// Waits for the last answer.
  ///
  /// @return offset → id and data of what was published there
  Map<Long, String> end() {
    CompletableFuture.allOf(publishers.toArray(CompletableFuture<?>[]::new)).join();
    return Map.copyOf(published);
  }
}
