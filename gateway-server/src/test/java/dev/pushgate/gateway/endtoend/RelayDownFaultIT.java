package dev.pushgate.gateway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.gateway.endtoend.Load.Sent;
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
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
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
  private static final Duration REFUSED_WITHIN = Duration.ofSeconds(4);

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
      try (Load load = new Load(channels, a, b)) {
        awaitDone(load, System.nanoTime(), channels);
        redis.kill();
        long down = System.nanoTime();
        awaitRefused(load, down, channels);
        late.text("{\"type\":\"subscribe\",\"channel\":\"joined-meanwhile\"}");
        late.text("{\"type\":\"ping\"}");
        assertThat(late.next()).isEqualTo("{\"type\":\"pong\"}"); // and not subscribed
        redis.launch();
        awaitDone(load, System.nanoTime(), channels);
        load.close();

        assertThat(late.next()).contains("\"subscribed\"", "\"joined-meanwhile\"");
        for (String channel : channels) {
          everyoneHeardWhatWasAnswered(swarm, channel, load.sent(channel), down);
        }
        theHistoryHasWhatWasAnswered(load.sent("kept-and-archived"));
      }
      assertThat(swarm.told()).isEmpty();
    }
  }

  @Test
  void aRedisThatComesBackEmptyBeginsNewEpochsAndAllAreTold() {
    try (Swarm swarm = new Swarm(a, b)) {
      swarm.join(MEMBERS, "lost");
      await().atMost(PATIENCE).until(() -> swarm.allHave(0));
      try (Load load = new Load(List.of("lost"), a, b)) {
        awaitDone(load, System.nanoTime(), List.of("lost"));
        redis.kill();
        empty(data);
        redis.launch();
        awaitDone(load, System.nanoTime(), List.of("lost"));
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

  private void awaitDone(Load load, long since, List<String> channels) {
    for (String channel : channels) {
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  load.doneSince(since, a, channel) >= 50
                      && load.doneSince(since, b, channel) >= 50);
    }
  }

  private void awaitRefused(Load load, long since, List<String> channels) {
    for (String channel : channels) {
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  load.refusedSince(since, a, channel) >= 10
                      && load.refusedSince(since, b, channel) >= 10);
    }
  }

  private static void everyoneHeardWhatWasAnswered(
      Swarm swarm, String channel, List<Sent> sent, long down) {
    String epoch = sent.getFirst().reply().text("data", "epoch");
    List<Sent> done = sent.stream().filter(Sent::isDone).toList();
    long head = done.stream().mapToLong(one -> one.reply().number("data", "offset")).max().orElse(0);
    await().atMost(PATIENCE).until(() -> swarm.allHave(channel, epoch, head));
    assertThat(swarm.complaints()).isEmpty();
    Map<String, String> heard =
        swarm.heard(channel, epoch).stream()
            .collect(Collectors.toMap(frame -> JsonTree.text(frame, "data"), Function.identity()));
    assertThat(heard).hasSize((int) head);
    for (Sent one : done) {
      String frame = heard.get(one.content());
      assertThat(frame).contains('"' + one.reply().text("data", "id") + '"');
      assertThat(JsonTree.number(frame, "offset")).isEqualTo(one.reply().number("data", "offset"));
    }
    sent.stream()
        .filter(one -> !one.isDone())
        .forEach(
            one -> {
              assertThat(one.isRefused("RELAY_UNAVAILABLE")).as(one.reply().body()).isTrue();
              assertThat(one.reply().header("Retry-After")).isNotEmpty();
              assertThat(one.took()).isLessThan(REFUSED_WITHIN);
              if (one.begun() >= down || one.isSurelyNotPublished()) {
                assertThat(heard).doesNotContainKey(one.content());
              }
            });
  }

  private void theHistoryHasWhatWasAnswered(List<Sent> sent) {
    Set<String> history =
        b.rest().history("kept-and-archived").stream()
            .map(message -> String.valueOf(JsonTree.at(message, "content")))
            .collect(Collectors.toSet());
    assertThat(history)
        .containsAll(sent.stream().filter(Sent::isDone).map(Sent::content).toList());
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
