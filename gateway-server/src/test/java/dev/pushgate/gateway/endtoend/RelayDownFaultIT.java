package dev.pushgate.gateway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.gateway.endtoend.EndlessLoad.Sent;
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

  private static final Duration A_WHILE = Duration.ofMillis(1_200);

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
        load.hurry(redis::kill);
        long down = System.nanoTime();
        load.awaitRefused(channels, a, b);
        aJoinWaits(late);
        redis.launch();
        load.awaitDone(channels, a, b);
        load.close();

        assertThat(late.nextButPings()).contains("\"subscribed\"", "\"joined-meanwhile\"");
        assertThat(channels.stream().flatMap(channel -> load.sent(channel).stream()))
            .filteredOn(Sent::isUnknown)
            .isNotEmpty();
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

  /// Everything else is answered meanwhile.
  private static void aJoinWaits(SocketClient client) {
    client.text("{\"type\":\"subscribe\",\"channel\":\"joined-meanwhile\"}");
    long asked = System.nanoTime();
    await()
        .until(
            () -> {
              client.text("{\"type\":\"ping\"}");
              assertThat(client.nextButPings()).isEqualTo("{\"type\":\"pong\"}");
              return Duration.ofNanos(System.nanoTime() - asked).compareTo(A_WHILE) > 0;
            });
  }

  @Test
  void aRedisThatComesBackEmptyBeginsNewEpochsAndAllAreTold() {
    List<String> channels = List.of("lost", "lost-but-archived");
    assertThat(a.rest().declare("lost-but-archived").status()).isEqualTo(201);
    try (Swarm swarm = new Swarm(a, b)) {
      channels.forEach(channel -> swarm.join(MEMBERS, channel));
      await().atMost(PATIENCE).until(() -> swarm.allHave(0));
      try (EndlessLoad load = new EndlessLoad(channels, a, b)) {
        load.awaitDone(channels, a, b);
        redis.kill();
        empty(data);
        redis.launch();
        load.awaitDone(channels, a, b);
        load.close();

        channels.forEach(channel -> beginsAnew(swarm, load.sent(channel), channel));
        assertThat(swarm.told()).hasSize(channels.size() * MEMBERS);
        assertThat(Audit.contents(b.rest(), "lost-but-archived"))
            .doesNotHaveDuplicates()
            .containsAll(contents(load.sent("lost-but-archived")));
      }
    }
  }

  private void beginsAnew(Swarm swarm, List<Sent> sent, String channel) {
    String before = sent.getFirst().reply().text("data", "epoch");
    Reply last = b.rest().publish(channel, "\"last\"");
    String after = last.text("data", "epoch");
    assertThat(after).isNotEqualTo(before);
    await()
        .atMost(PATIENCE)
        .until(() -> swarm.allHave(channel, after, last.number("data", "offset")));
    assertThat(swarm.told().stream().filter(told -> told.contains('"' + channel + '"')))
        .hasSize(MEMBERS)
        .allMatch(told -> told.contains("\"epoch\":\"" + after + "\""));
    assertThat(swarm.complaints()).isEmpty();
    assertThat(sent.stream().filter(one -> one.isDone() && one.isIn(after)).mapToLong(Sent::offset))
        .contains(1L);
    aResumeIsNotRecovered(channel, before, after);
  }

  private static List<String> contents(List<Sent> sent) {
    return sent.stream().filter(Sent::isDone).map(Sent::content).toList();
  }

  private void aResumeIsNotRecovered(String channel, String before, String after) {
    try (SocketClient client = b.connect()) {
      client.text(
          "{\"type\":\"subscribe\",\"channel\":\"%s\",\"since\":{\"epoch\":\"%s\",\"offset\":1}}"
              .formatted(channel, before));
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
