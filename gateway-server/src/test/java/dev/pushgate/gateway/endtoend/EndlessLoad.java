package dev.pushgate.gateway.endtoend;

import dev.pushgate.gateway.endtoend.Rest.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import org.awaitility.Awaitility;

/// Publishers that go on, one for each node and channel, until this is closed; what each was
/// answered is kept. Thread-safe.
final class EndlessLoad implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long PACE_NANOS = 2_000_000;

  /// For each node and channel, so that Redis always has some before it.
  private static final int HURRIED = 8;

  /// A message, which no other is equal to, and what became of it. Times are of
  /// [System#nanoTime].
  record Sent(Node node, String channel, String content, long begun, long ended, Reply reply) {
    boolean isDone() {
      return reply.status() == 201;
    }

    boolean isRefused(String code) {
      return reply.status() == 503 && reply.text("code").equals(code);
    }

    /// Whether its refusal says that it may be heard, or not.
    boolean isUnknown() {
      return reply.status() == 503 && reply.text("error").contains("is unknown");
    }

    /// Whether its refusal says that nobody will ever hear it.
    boolean isSurelyNotPublished() {
      return reply.status() == 503 && reply.text("error").contains("was not published");
    }

    boolean isIn(String epoch) {
      return reply.text("data", "epoch").equals(epoch);
    }

    long offset() {
      return reply.number("data", "offset");
    }

    Duration took() {
      return Duration.ofNanos(ended - begun);
    }
  }

  private final Queue<Sent> sent = new ConcurrentLinkedQueue<>();
  private final AtomicInteger numbers = new AtomicInteger();
  private final List<String> channels;
  private final List<Node> nodes;
  private final List<Thread> publishers;
  private volatile boolean closing;
  private volatile boolean hurrying;

  EndlessLoad(List<String> channels, Node... nodes) {
    this.channels = channels;
    this.nodes = List.of(nodes);
    this.publishers =
        start(
            (node, channel) -> {
              while (!closing) {
                publish(node, channel);
                LockSupport.parkNanos(PACE_NANOS);
              }
            });
  }

  private List<Thread> start(BiConsumer<Node, String> work) {
    List<Thread> started = new ArrayList<>();
    for (Node node : nodes) {
      for (String channel : channels) {
        started.add(Thread.ofPlatform().start(() -> work.accept(node, channel)));
      }
    }
    return started;
  }

  private void publish(Node node, String channel) {
    String content = "message-" + numbers.incrementAndGet();
    long begun = System.nanoTime();
    Reply reply = node.rest().publish(channel, '"' + content + '"');
    sent.add(new Sent(node, channel, content, begun, System.nanoTime(), reply));
  }

  /// Does this while very many are on their way: there are more publishers meanwhile, who do not
  /// pause.
  void hurry(Runnable deed) {
    hurrying = true;
    List<Thread> more = new ArrayList<>();
    for (int i = 0; i < HURRIED; i++) {
      more.addAll(
          start(
              (node, channel) -> {
                while (hurrying) {
                  publish(node, channel);
                }
              }));
    }
    awaitDone(channels, nodes.toArray(Node[]::new));
    deed.run();
    hurrying = false;
    more.forEach(EndlessLoad::join);
  }

  List<Sent> sent(String channel) {
    return sent.stream().filter(one -> one.channel.equals(channel)).toList();
  }

  private long doneSince(long since, Node node, String channel) {
    return sent(channel).stream()
        .filter(one -> one.node.equals(node) && one.begun >= since && one.isDone())
        .count();
  }

  private long refusedSince(long since, Node node, String channel) {
    return sent(channel).stream()
        .filter(one -> one.node.equals(node) && one.begun >= since && !one.isDone())
        .count();
  }

  /// Waits until each of these nodes has done a good many that are begun from now on.
  void awaitDone(List<String> channels, Node... nodes) {
    long since = System.nanoTime();
    awaitAll(channels, nodes, (node, channel) -> doneSince(since, node, channel) >= 50);
  }

  /// Waits until each of these nodes has refused some that are begun from now on.
  void awaitRefused(List<String> channels, Node... nodes) {
    long since = System.nanoTime();
    awaitAll(channels, nodes, (node, channel) -> refusedSince(since, node, channel) >= 10);
  }

  private static void awaitAll(
      List<String> channels, Node[] nodes, BiPredicate<Node, String> condition) {
    Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () ->
                channels.stream()
                    .allMatch(
                        channel ->
                            Arrays.stream(nodes).allMatch(node -> condition.test(node, channel))));
  }

  @Override
  public void close() {
    closing = true;
    for (Thread publisher : publishers) {
      join(publisher);
    }
  }

  private static void join(Thread publisher) {
    try {
      publisher.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
