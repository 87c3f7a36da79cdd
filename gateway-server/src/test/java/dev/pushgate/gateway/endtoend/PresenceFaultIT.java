package dev.pushgate.gateway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.gateway.endtoend.Rest.Reply;
import dev.pushgate.gateway.session.SocketClient;
import dev.pushgate.gateway.testing.NoLeaks;
import dev.pushgate.gateway.testing.RedisProcess;
import dev.pushgate.gateway.testing.TestPostgres;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Members sit on a node that is killed, or Redis is away for all: those on the nodes `a` and `b`
/// see what becomes of them.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(NoLeaks.class)
@Timeout(120)
class PresenceFaultIT {
  /// Long enough that a busy machine does not miss heartbeats for a third of it.
  private static final Duration LEASE = Duration.ofSeconds(6);

  private static final Duration GRACE = Duration.ofSeconds(2);

  /// What a busy machine may add; a lease is longer, so that nobody can wait for two.
  private static final Duration A_MOMENT = LEASE.minusMillis(500);

  private static final Duration A_FEW_SECONDS = Duration.ofSeconds(8);

  private final RedisProcess redis = RedisProcess.start();
  private final Cluster cluster =
      new Cluster(
          redis,
          TestPostgres.freshDatabase(),
          "PUSHGATE_RELAY_TIMEOUT",
          "1s",
          "PUSHGATE_PRESENCE_LEASE",
          LEASE.toSeconds() + "s",
          "PUSHGATE_PRESENCE_GRACE",
          GRACE.toSeconds() + "s");
  private NodeInProcess a;
  private NodeInProcess b;
  private @Nullable NodeProcess last;

  @BeforeAll
  void start() {
    a = cluster.startInProcess();
    b = cluster.startInProcess();
  }

  /// A third node, started again when it was killed.
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
  void membersOfAKilledNodeLeaveOnceWithinItsLease() {
    NodeProcess doomed = doomed();
    try (SocketClient ann = TokenClient.connect(a, "ann");
        SocketClient bob = TokenClient.connect(b, "bob");
        SocketClient cid = TokenClient.connect(doomed, "cid");
        SocketClient dan = TokenClient.connect(doomed, "dan")) {
      for (SocketClient client : List.of(ann, bob, cid, dan)) {
        TokenClient.enter(client, "killed", "1");
      }
      awaitPresent(a, "killed", "ann", "bob", "cid", "dan");
      dan.text("{\"type\":\"unsubscribe\",\"channel\":\"killed\"}");
      dan.nextWith("\"unsubscribed\""); // its grace time has begun when its node dies
      doomed.kill();
      long killed = System.nanoTime();
      assertThat(leavesUntilAllAreGone(ann, Set.of("cid", "dan"))).isEqualTo(2);
      assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(LEASE.plus(A_MOMENT));
      assertThat(leavesUntilAllAreGone(bob, Set.of("cid", "dan"))).isEqualTo(2);
      assertThat(present(b, "killed")).containsOnly("ann", "bob");

      nothingButAnUpdateIsTold(ann, "killed", ann, bob);
    }
  }

  /// How many members left until all of these have.
  private static int leavesUntilAllAreGone(SocketClient client, Set<String> gone) {
    Set<Object> missing = gone.stream().collect(Collectors.toSet());
    int leaves = 0;
    while (!missing.isEmpty()) {
      for (Object member : members(client.nextWith("\"action\":\"leave\""))) {
        missing.remove(member);
        leaves++;
      }
    }
    return leaves;
  }

  @Test
  void whoComesBackElsewhereWithinTheGraceTimeNeitherLeavesNorJoins() {
    NodeProcess doomed = doomed();
    try (SocketClient ann = TokenClient.connect(a, "ann");
        SocketClient cid = TokenClient.connect(doomed, "cid")) {
      TokenClient.enter(ann, "moved", "1");
      TokenClient.enter(cid, "moved", "2");
      ann.nextWith("\"action\":\"join\"");
      doomed.kill();
      try (SocketClient again = TokenClient.connect(b, "cid");
          SocketClient eve = TokenClient.connect(b, "eve")) {
        assertThat(members(TokenClient.enter(again, "moved", "2"))).containsOnly("ann", "cid");
        nodeIsForgotten();

        nothingButAnUpdateIsTold(again, "moved", ann, again);
        TokenClient.enter(eve, "moved", "3");
        assertThat(ann.nextWith("\"presence\"")).contains("\"join\"", "\"eve\"");
        assertThat(present(a, "moved")).containsOnly("ann", "cid", "eve");
      }
      String left = ann.nextWith("\"presence\"");
      assertThat(left).contains("\"leave\"");
    }
  }

  @Test
  void whoComesBackWithinTheGraceTimeAfterItsConnectionBrokeNeitherLeavesNorJoins() {
    try (SocketClient ann = TokenClient.connect(a, "ann")) {
      TokenClient.enter(ann, "broken", "1");
      SocketClient cid = TokenClient.connect(a, "cid");
      TokenClient.enter(cid, "broken", "2");
      ann.nextWith("\"action\":\"join\"");
      cid.close();
      try (SocketClient again = TokenClient.connect(b, "cid")) {
        TokenClient.enter(again, "broken", "2");
        nothingButAnUpdateIsTold(again, "broken", ann, again);
      }
      assertThat(ann.nextWith("\"presence\"")).contains("\"leave\"", "\"cid\"");
    }
  }

  @Test
  void anOutageOfRedisLongerThanTheLeaseExpiresNobody() {
    NodeProcess doomed = doomed();
    try (SocketClient ann = TokenClient.connect(a, "ann");
        SocketClient bob = TokenClient.connect(b, "bob");
        SocketClient cid = TokenClient.connect(doomed, "cid")) {
      for (SocketClient client : List.of(ann, bob, cid)) {
        TokenClient.enter(client, "outage", "1");
      }
      awaitPresent(a, "outage", "ann", "bob", "cid");
      redis.pause();
      long paused = System.nanoTime();
      Duration outage = LEASE.plusSeconds(2);
      await()
          .atMost(outage.multipliedBy(2))
          .until(() -> Duration.ofNanos(System.nanoTime() - paused).compareTo(outage) > 0);
      redis.resume();
      await()
          .atMost(A_FEW_SECONDS)
          .until(() -> List.of(a, b).stream().allMatch(node -> answers(node, "outage")));
      long back = System.nanoTime();
      await()
          .atMost(LEASE.multipliedBy(4))
          .until(
              () -> {
                assertThat(present(a, "outage")).containsOnly("ann", "bob", "cid");
                assertThat(present(b, "outage")).containsOnly("ann", "bob", "cid");
                return Duration.ofNanos(System.nanoTime() - back).compareTo(outage) > 0;
              });

      passOver(ann, "\"join\"", "\"bob\"", "\"cid\"");
      nothingButAnUpdateIsTold(cid, "outage", ann, cid);
    }
  }

  /// Reads the joins of these.
  private static void passOver(SocketClient client, String action, String... members) {
    Set<String> missing = Set.of(members).stream().collect(Collectors.toSet());
    while (!missing.isEmpty()) {
      String frame = client.nextWith("\"type\":\"presence\"");
      assertThat(frame).contains(action);
      missing.removeIf(frame::contains);
    }
  }

  /// What others hear next, when this member says something else of itself, is that.
  private static void nothingButAnUpdateIsTold(
      SocketClient who, String channel, SocketClient... hearers) {
    who.text("{\"type\":\"presence\",\"channel\":\"" + channel + "\",\"info\":\"marked\"}");
    for (SocketClient hearer : hearers) {
      assertThat(hearer.nextWith("\"type\":\"presence\""))
          .contains("\"action\":\"update\"", "\"marked\"");
    }
  }

  private void nodeIsForgotten() {
    await()
        .atMost(LEASE.plus(A_FEW_SECONDS))
        .until(
            () ->
                a.rest(Node.MANAGEMENT_KEY).get("/api/v1/nodes").list("data", "items").size() == 2);
  }

  private static boolean answers(Node node, String channel) {
    return node.rest().get("/api/v1/channels/" + channel + "/presence").status() == 200;
  }

  private static void awaitPresent(Node node, String channel, String... members) {
    await().until(() -> present(node, channel).equals(Set.of(members)));
  }

  private static Set<Object> present(Node node, String channel) {
    Reply roster = node.rest().get("/api/v1/channels/" + channel + "/presence");
    return Set.copyOf(users(roster.list("data", "members")));
  }

  private static List<Object> members(String frame) {
    return users((List<?>) Objects.requireNonNull(JsonTree.at(JsonTree.parse(frame), "members")));
  }

  private static List<Object> users(List<?> members) {
    return members.stream()
        .map(member -> JsonTree.at(member, "userId"))
        .collect(Collectors.toList());
  }
}
