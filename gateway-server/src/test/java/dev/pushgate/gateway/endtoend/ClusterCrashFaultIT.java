package dev.pushgate.gateway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.gateway.endtoend.Rest.Reply;
import dev.pushgate.gateway.testing.RedisProcess;
import dev.pushgate.gateway.testing.TestPostgres;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// One of three nodes is ended in the midst of everything: its clients come to the others and
/// resume, its publishers publish there under the same keys.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class ClusterCrashFaultIT {
  /// However many are sent, the recent log reaches back to the first message: so nothing has to be
  /// told as missed.
  private static final int MESSAGES_MAX = 5_000;

  private static final int PUBLISHERS = 12;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private RedisProcess redis;
  private Cluster cluster;
  private NodeProcess a;
  private NodeProcess b;
  private @Nullable NodeProcess last;

  @BeforeAll
  void start() {
    redis = RedisProcess.start();
    cluster =
        new Cluster(
            redis,
            TestPostgres.freshDatabase(),
            "PUSHGATE_RECENT_LOG_MESSAGES",
            Integer.toString(MESSAGES_MAX),
            "PUSHGATE_RECENT_LOG_BYTES",
            "4MiB",
            "PUSHGATE_LIMITS_OUTBOUND",
            "8MiB");
    List<NodeProcess> nodes = cluster.startProcesses(3);
    a = nodes.get(0);
    b = nodes.get(1);
    last = nodes.get(2);
  }

  /// A third node, started again when it was ended.
  private NodeProcess doomed() {
    NodeProcess running = cluster.alive(last);
    last = running;
    return running;
  }

  @AfterAll
  void stop() throws Exception {
    cluster.close();
    redis.close();
  }

  @Test
  void everyClientHasEveryMessageOnceAndInOrderAlthoughItsNodeIsKilled() throws Exception {
    everyClientHasEveryMessageOnceAndInOrder("killed", 200, MESSAGES_MAX, NodeProcess::kill);
  }

  @Test
  void everyClientHasEveryMessageOnceAndInOrderAlthoughItsNodeIsStopped() throws Exception {
    NodeProcess stopped = doomed();
    everyClientHasEveryMessageOnceAndInOrder("stopped", 90, 2_000, NodeProcess::terminate);
    assertThat(stopped.exitCode()).as(stopped.errors()).isEqualTo(0);
  }

  private void everyClientHasEveryMessageOnceAndInOrder(
      String how, int clients, int messages, Consumer<NodeProcess> end) throws Exception {
    List<String> channels = List.of("declared-" + how, "undeclared-" + how);
    assertThat(a.rest().declare("declared-" + how).status()).isEqualTo(201);
    NodeProcess doomed = doomed();
    try (Swarm swarm = new Swarm(a, b, doomed)) {
      channels.forEach(channel -> swarm.wander(clients / 2, channel));
      await().atMost(PATIENCE).until(() -> swarm.allHave(0));

      List<Reply> replies = publishAll(channels, messages, doomed, () -> end.accept(doomed));

      channels.forEach(channel -> everyoneHeard(swarm, channel, replies));
      assertThat(swarm.told()).isEmpty();
      assertThat(swarm.returns()).isGreaterThan(clients / 3);
    }
    assertThat(b.rest().get("/api/v1/channels/declared-" + how).number("data", "messageCount"))
        .isEqualTo(messages / 2);
  }

  /// @param inTheMidst when a third is done
  private List<Reply> publishAll(
      List<String> channels, int messages, NodeProcess doomed, Runnable inTheMidst)
      throws Exception {
    AtomicInteger done = new AtomicInteger();
    List<Future<Reply>> published = new ArrayList<>();
    try (ExecutorService publishers = Executors.newFixedThreadPool(PUBLISHERS)) {
      for (int i = 0; i < messages; i++) {
        int number = i;
        published.add(
            publishers.submit(
                () -> {
                  Reply reply = publish(channels.get(number % channels.size()), number, doomed);
                  done.incrementAndGet();
                  return reply;
                }));
      }
      await().atMost(PATIENCE).until(() -> done.get() >= messages / 3);
      inTheMidst.run();
      assertThat(done.get()).isLessThan(messages * 9 / 10);
    }
    List<Reply> replies = new ArrayList<>();
    for (Future<Reply> reply : published) {
      replies.add(reply.get());
    }
    return replies;
  }

  /// At one node after the other, until one has done it.
  private Reply publish(String channel, int number, Node doomed) {
    Node[] nodes = {doomed, a, b};
    String content = "message-" + number;
    long end = System.nanoTime() + PATIENCE.toNanos();
    for (int attempt = number; System.nanoTime() < end; attempt++) {
      Optional<Reply> reply = publish(nodes[attempt % nodes.length], channel, content);
      if (reply.isPresent()) {
        return reply.get();
      }
    }
    throw new AssertionError("nobody publishes " + content);
  }

  /// Empty when nobody knows whether it was published.
  private static Optional<Reply> publish(Node node, String channel, String content) {
    try {
      Reply reply = node.rest().publish(channel, '"' + content + '"', "Idempotency-Key", content);
      assertThat(reply.status()).as(reply.body()).isIn(201, 503);
      return reply.status() == 201 ? Optional.of(reply) : Optional.empty();
    } catch (UncheckedIOException e) {
      return Optional.empty(); // the node was ended
    }
  }

  private static void everyoneHeard(Swarm swarm, String channel, List<Reply> all) {
    List<Reply> replies =
        all.stream().filter(one -> one.text("data", "channelSlug").equals(channel)).toList();
    String epoch = replies.getFirst().text("data", "epoch");
    long head = replies.stream().mapToLong(one -> one.number("data", "offset")).max().orElseThrow();
    await().atMost(PATIENCE).until(() -> swarm.allHave(channel, epoch, head));
    assertThat(swarm.complaints()).isEmpty();

    List<String> heard = swarm.heard(channel, epoch);
    assertThat(heard).hasSize(replies.size());
    assertThat(heard.stream().map(frame -> JsonTree.text(frame, "data")).distinct())
        .hasSize(replies.size());
    for (Reply reply : replies) {
      assertThat(heard.get((int) reply.number("data", "offset") - 1))
          .contains('"' + reply.text("data", "id") + '"');
    }
  }
}
