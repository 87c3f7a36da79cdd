package dev.pushgate.gateway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.gateway.endtoend.Rest.Reply;
import dev.pushgate.gateway.session.SocketClient;
import dev.pushgate.gateway.testing.NoLeaks;
import dev.pushgate.gateway.testing.RedisProcess;
import dev.pushgate.gateway.testing.TestPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// The Redis of two nodes is killed under load, and comes back with its data or without.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(NoLeaks.class)
@Timeout(180)
class RelayDownFaultIT {
  private static final int MEMBERS = 20;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /// `pushgate.relay.timeout`, and what a busy machine may add.
  private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(4);

  @TempDir private static Path data;
  private RedisProcess redis;
  private Cluster cluster;
  private NodeInProcess a;
  private NodeInProcess b;

  @BeforeAll
  void start() {
    redis =
        RedisProcess.start(
            "--appendonly", "yes", "--appendfsync", "always", "--dir", data.toString());
    cluster = new Cluster(redis, TestPostgres.freshDatabase());
    a = cluster.startInProcess();
    b = cluster.startInProcess();
  }

  @AfterAll
  void stop() throws Exception {
    cluster.close();
    redis.close();
  }

  @Test
  void aRedisThatComesBackWithItsDataHasLostNothing() {
    List<String> channels = List.of("kept", "kept-and-archived");
    assertThat(a.rest().declare("kept-and-archived").status()).isEqualTo(201);
    try (Swarm swarm = new Swarm(a, b);
        SocketClient late = a.connect()) {
      channels.forEach(channel -> swarm.join(MEMBERS, channel));
      await().atMost(PATIENCE).until(() -> swarm.allHave(0));
      try (EndlessLoad load = new EndlessLoad(channels, a, b)) {
        load.awaitDone(channels, a, b);
        redis.kill();
        long down = System.nanoTime();
        load.awaitRefused(channels, a, b);
        late.text("{\"type\":\"subscribe\",\"channel\":\"joined-meanwhile\"}");
        late.text("{\"type\":\"ping\"}");
        assertThat(late.next()).isEqualTo("{\"type\":\"pong\"}"); // and not subscribed
        redis.launch();
        load.awaitDone(channels, a, b);
        load.close();

        assertThat(late.next()).contains("\"subscribed\"", "\"joined-meanwhile\"");
        for (String channel : channels) {
          Audit.of(swarm, load, channel)
              .everyAnswerHolds()
              .everyRefusalIs("RELAY_UNAVAILABLE")
              .nothingRefusedIsHeard(down);
          assertThat(load.sent(channel)).allMatch(one -> one.took().compareTo(ANSWERED_WITHIN) < 0);
        }
        Audit.of(swarm, load, "kept-and-archived").isInTheHistory(b.rest(), "kept-and-archived");
      }
    }
  }

  @Test
  void aRedisThatComesBackEmptyBeginsNewEpochsAndAllAreTold() {
    try (Swarm swarm = new Swarm(a, b)) {
      swarm.join(MEMBERS, "lost");
      await().atMost(PATIENCE).until(() -> swarm.allHave(0));
      try (EndlessLoad load = new EndlessLoad(List.of("lost"), a, b)) {
        load.awaitDone(List.of("lost"), a, b);
        redis.kill();
        empty(data);
        redis.launch();
        load.awaitDone(List.of("lost"), a, b);
        load.close();

        String before = load.sent("lost").getFirst().reply().text("data", "epoch");
        Reply last = b.rest().publish("lost", "\"last\"");
        String after = last.text("data", "epoch");
        assertThat(after).isNotEqualTo(before);
        await()
            .atMost(PATIENCE)
            .until(() -> swarm.allHave("lost", after, last.number("data", "offset")));
        assertThat(swarm.complaints()).isEmpty();
        assertThat(swarm.told())
            .hasSize(MEMBERS)
            .allMatch(told -> told.contains("\"epoch\":\"" + after + "\""));
        aResumeIsNotRecovered(before, after);
      }
    }
  }

  private void aResumeIsNotRecovered(String before, String after) {
    try (SocketClient client = b.connect()) {
      client.text(
          "{\"type\":\"subscribe\",\"channel\":\"lost\",\"since\":{\"epoch\":\"%s\",\"offset\":1}}"
              .formatted(before));
      assertThat(client.next())
          .contains("\"subscribed\"", "\"recovered\":false", "\"epoch\":\"" + after + "\"");
    }
  }

  private static void empty(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      files
          .filter(file -> !file.equals(directory))
          .sorted(Comparator.reverseOrder())
          .forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
