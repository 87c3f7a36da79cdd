package dev.pushgate.gateway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.gateway.session.SocketClient;
import dev.pushgate.gateway.testing.NoLeaks;
import dev.pushgate.gateway.testing.RedisProcess;
import dev.pushgate.gateway.testing.TestPostgres;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Redis loses what it has, and no connection breaks: members on the nodes `a` and `b` stay
/// present.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(NoLeaks.class)
@Timeout(120)
class PresenceLossFaultIT {
  private static final Duration A_FEW_SECONDS = Duration.ofSeconds(15);

  private final RedisProcess redis = RedisProcess.start();
  private final Cluster cluster =
      new Cluster(
          redis,
          TestPostgres.freshDatabase(),
          "PUSHGATE_RELAY_TIMEOUT",
          "1500ms",
          "PUSHGATE_PRESENCE_LEASE",
          "5s",
          "PUSHGATE_PRESENCE_GRACE",
          "2s");
  private NodeInProcess a;
  private NodeInProcess b;

  @BeforeAll
  void start() {
    a = cluster.startInProcess();
    b = cluster.startInProcess();
    awaitEndOfNoReap();
  }

  @AfterAll
  void stop() throws Exception {
    cluster.close();
    redis.close();
  }

  @Test
  void aRedisThatWasEmptiedHasEverybodyAgainBeforeAnybodyCouldBeTakenForGone() {
    try (SocketClient ann = TokenClient.connect(a, "ann");
        SocketClient bob = TokenClient.connect(b, "bob");
        SocketClient cid = TokenClient.connect(b, "cid")) {
      enterBoth(ann, bob, "emptied");
      redis.run("FLUSHALL");
      await().atMost(A_FEW_SECONDS).until(() -> present("emptied").equals(Set.of("ann", "bob")));
      awaitEndOfNoReap();

      joinsAndNobodyLeaves(cid, "emptied", ann, bob);
    }
  }

  @Test
  void whoComesRightAfterARedisWasEmptiedBringsTheOthersBack() {
    try (SocketClient ann = TokenClient.connect(a, "ann");
        SocketClient bob = TokenClient.connect(b, "bob");
        SocketClient cid = TokenClient.connect(b, "cid")) {
      enterBoth(ann, bob, "at-once");
      redis.run("FLUSHALL");

      joinsAndNobodyLeaves(cid, "at-once", ann, bob);
      awaitEndOfNoReap();
    }
  }

  @Test
  void whoComesAfterARosterAloneWasLostBringsTheOthersBack() {
    try (SocketClient ann = TokenClient.connect(a, "ann");
        SocketClient bob = TokenClient.connect(b, "bob");
        SocketClient cid = TokenClient.connect(b, "cid")) {
      enterBoth(ann, bob, "evicted");
      String roster = "pushgate:{default/evicted}:r";
      assertThat(redis.run("DEL " + roster)).isEqualTo(":1");

      joinsAndNobodyLeaves(cid, "evicted", ann, bob);
    }
  }

  private static void enterBoth(SocketClient ann, SocketClient bob, String channel) {
    TokenClient.enter(ann, channel, "1");
    TokenClient.enter(bob, channel, "2");
    assertThat(ann.nextWith("\"type\":\"presence\"")).contains("\"join\"", "\"bob\"");
  }

  /// All that these are told, from its coming to what it says a few seconds later.
  private void joinsAndNobodyLeaves(SocketClient cid, String channel, SocketClient... hearers) {
    TokenClient.enter(cid, channel, "3");
    await().atMost(A_FEW_SECONDS).until(() -> present(channel).equals(Set.of("ann", "bob", "cid")));
    cid.text("{\"type\":\"presence\",\"channel\":\"" + channel + "\",\"info\":\"marked\"}");
    for (SocketClient hearer : hearers) {
      String told = hearer.nextWith("\"type\":\"presence\"");
      assertThat(told).contains("\"join\"", "\"cid\"");
      if (!told.contains("\"marked\"")) { // else it heard of both at once
        assertThat(hearer.nextWith("\"type\":\"presence\"")).contains("\"update\"", "\"marked\"");
      }
    }
    assertThat(infos(channel)).isEqualTo(Set.of("1", "2", "marked"));
  }

  /// While nobody may be reaped nobody is told to leave in any case.
  private void awaitEndOfNoReap() {
    await().atMost(A_FEW_SECONDS).until(() -> redis.run("EXISTS pushgate:heartbeat").equals(":1"));
    await().atMost(A_FEW_SECONDS).until(() -> redis.run("EXISTS pushgate:noreap").equals(":0"));
  }

  private Set<Object> present(String channel) {
    return members(channel).stream()
        .map(member -> Objects.requireNonNull(JsonTree.at(member, "userId")))
        .collect(Collectors.toSet());
  }

  private Set<String> infos(String channel) {
    return members(channel).stream()
        .map(member -> String.valueOf(JsonTree.at(member, "info")))
        .collect(Collectors.toSet());
  }

  private List<?> members(String channel) {
    return a.rest().get("/api/v1/channels/" + channel + "/presence").list("data", "members");
  }
}
