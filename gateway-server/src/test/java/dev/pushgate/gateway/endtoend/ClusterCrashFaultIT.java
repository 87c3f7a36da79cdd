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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// One of three nodes is killed in the midst of everything: its clients come to the others and
/// resume, its publishers publish there under the same keys.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class ClusterCrashFaultIT {
  private static final int CLIENTS = 200;
  private static final int MESSAGES = 5_000;
  private static final int PUBLISHERS = 12;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private RedisProcess redis;
  private Cluster cluster;
  private NodeProcess a;
  private NodeProcess b;
  private NodeProcess doomed;

  @BeforeAll
  void start() {
    redis = RedisProcess.start();
    // The recent log reaches back to the first message, so nothing has to be told as missed.
    cluster =
        new Cluster(
            redis,
            TestPostgres.freshDatabase(),
            "PUSHGATE_RECENT_LOG_MESSAGES",
            Integer.toString(MESSAGES),
            "PUSHGATE_RECENT_LOG_BYTES",
            "4MiB",
            "PUSHGATE_LIMITS_OUTBOUND",
            "8MiB");
    List<NodeProcess> nodes = cluster.startProcesses(3);
    a = nodes.get(0);
    b = nodes.get(1);
    doomed = nodes.get(2);
  }

  @AfterAll
  void stop() throws Exception {
    cluster.close();
    redis.close();
  }

  @Test
  void everyClientHasEveryMessageOnceAndInOrderAlthoughItsNodeIsKilled() throws Exception {
    assertThat(a.rest().declare("declared").status()).isEqualTo(201);
    try (Swarm swarm = new Swarm(a, b, doomed)) {
      swarm.wander(CLIENTS / 2, "declared");
      swarm.wander(CLIENTS / 2, "undeclared");
      await().atMost(PATIENCE).until(() -> swarm.allHave(0));

      List<Reply> replies = publishAllAndKillInTheMidst();

      everyoneHeard(swarm, "declared", replies);
      everyoneHeard(swarm, "undeclared", replies);
      assertThat(swarm.told()).isEmpty();
      assertThat(swarm.returns()).isGreaterThan(CLIENTS / 3);
    }
    assertThat(b.rest().get("/api/v1/channels/declared").number("data", "messageCount"))
        .isEqualTo(MESSAGES / 2);
  }

  private List<Reply> publishAllAndKillInTheMidst() throws Exception {
    AtomicInteger done = new AtomicInteger();
    List<Future<Reply>> published = new ArrayList<>();
    try (ExecutorService publishers = Executors.newFixedThreadPool(PUBLISHERS)) {
      for (int i = 0; i < MESSAGES; i++) {
        int number = i;
        published.add(
            publishers.submit(
                () -> {
                  Reply reply = publish(number);
                  done.incrementAndGet();
                  return reply;
                }));
      }
      await().atMost(PATIENCE).until(() -> done.get() >= MESSAGES / 3);
      doomed.kill();
      assertThat(done.get()).isLessThan(MESSAGES * 9 / 10);
    }
    List<Reply> replies = new ArrayList<>();
    for (Future<Reply> reply : published) {
      replies.add(reply.get());
    }
    return replies;
  }

  /// At one node after the other, until one has done it.
  private Reply publish(int number) {
    Node[] nodes = {doomed, a, b};
    String channel = number % 2 == 0 ? "declared" : "undeclared";
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
      return Optional.empty(); // the node was killed
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
