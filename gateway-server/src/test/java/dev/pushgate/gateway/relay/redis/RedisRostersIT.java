package dev.pushgate.gateway.relay.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.auth.Secret;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.presence.Present;
import dev.pushgate.core.presence.RosterLimits;
import dev.pushgate.core.presence.Rosters;
import dev.pushgate.gateway.testing.TestRedis;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.ZAddArgs;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Rosters over a real Redis and two nodes.
class RedisRostersIT extends RostersContract {
  private final RelayConfig config =
      TestConfig.patient(TestConfig.of(TestRedis.freshPrefix(), TestRedis.url()));
  private final RosterKeys keys = new RosterKeys(config.prefix());
  private final Leases leases = new Leases(TestRedis.url(), config.prefix(), "a", "b", "c");
  private final List<PresentNode> nodes = new ArrayList<>();
  private final PresentNode a = node("a", LIMITS, PresentNode.GRACE);
  private final PresentNode b = node("b", LIMITS, PresentNode.GRACE);
  private final RedisCli cli = RedisCli.shared();

  private PresentNode node(String id, RosterLimits limits, Duration grace) {
    PresentNode made = new PresentNode(config, id, limits, grace);
    nodes.add(made);
    return made;
  }

  @AfterEach
  void close() {
    nodes.forEach(PresentNode::close);
    leases.close();
    cli.close();
  }

  @Override
  Rosters here() {
    return a.rosters;
  }

  @Override
  Rosters there() {
    return b.rosters;
  }

  @Override
  RosterLog heard() {
    return a.log;
  }

  @Override
  void passGrace() {} // by itself; whoever needs it waits for what comes of it

  @Test
  void allNodesHearTheSame() {
    enter(a.rosters, "ann", "1");
    enter(b.rosters, "ben", null);
    assertThat(toldUntilNow()).containsExactly("1 +ann=1", "2 +ben");
    await().until(() -> b.log.lines().equals(a.log.lines()));
  }

  @Test
  void theMembersOfADeadNodeLeaveWithinItsLeaseAndEachIsToldOnce() {
    enter(a.rosters, "ann", null);
    enter(b.rosters, "ben", null);
    enter(b.rosters, "ann", null);
    kill(b);
    await().until(() -> a.log.lines().contains("3 -ben"));
    assertThat(toldUntilNow()).containsExactly("1 +ann", "2 +ben", "3 -ben");
    assertThat(cli.redis.keys(config.prefix() + ":present:b")).isEmpty();
    assertThat(cli.redis.zscore(keys.present(), "b")).isNull();
  }

  @Test
  void theMembersOfADeadNodeAreGoneBeforeItsLeaseIsOver() {
    enter(b.rosters, "ben", null);
    kill(b);
    long soon = RosterReaper.early(PresentNode.LEASE).toMillis() * 4 / 5;
    await()
        .until(
            () -> {
              cli.redis.zadd(keys.present(), ZAddArgs.Builder.xx(), now() + soon, "b"); // not yet
              return a.log.lines().contains("2 -ben");
            });
  }

  @Test
  void theLeaveOfAMemberWhoseNodeDiesInItsGraceTimeIsTold() {
    PresentNode patient = node("c", LIMITS, Duration.ofHours(1));
    enter(patient.rosters, "ann", null);
    leave(patient.rosters, "ann");
    kill(patient);
    await().until(() -> a.log.lines().contains("2 -ann"));
    await().until(() -> cli.redis.zcard(keys.grace()) == 0);
  }

  @Test
  void aMemberWhoComesBackOnAnotherNodeBeforeItsNodesLeaseIsOverNeverLeft() {
    enter(b.rosters, "ann", null);
    kill(b);
    enter(a.rosters, "ann", null);
    await().until(() -> cli.redis.zscore(keys.present(), "b") == null);
    assertThat(toldUntilNow()).containsExactly("1 +ann");
  }

  @Test
  void whoComesBackElsewhereWithinTheGraceTimeAfterItsNodeSaidGoodbyeNeverLeft() {
    Duration grace = Duration.ofSeconds(3);
    PresentNode ending = node("c", LIMITS, grace);
    enter(ending.rosters, "ann", null);
    enter(ending.rosters, "ben", null);
    leave(ending.rosters, "ben");
    sayGoodbye("c", grace);
    double goodbye = now();
    kill(ending);
    await().until(() -> now() >= goodbye + 2_000);
    enter(a.rosters, "ann", null);
    await().until(() -> cli.redis.zscore(keys.present(), "c") == null);
    assertThat(toldUntilNow()).containsExactly("1 +ann", "2 +ben", "3 -ben");
  }

  /// Nobody may be reaped for an hour. A heartbeat that comes late makes it shorter.
  private boolean spareAll() {
    return cli.redis.psetex(keys.noReap(), 3_600_000, "1").equals("OK");
  }

  @Test
  void nobodyIsReapedWhileNobodyMay() {
    spareAll();
    assertThat(read(a.rosters).isComplete()).isFalse();
    enter(b.rosters, "ben", null);
    enter(a.rosters, "ann", null);
    leave(a.rosters, "ann");
    kill(b);
    await().until(() -> spareAll() && leaseOf("b") < now());
    await().during(Duration.ofMillis(1_200)).until(() -> spareAll() && a.log.changes.size() == 2);
    cli.redis.del(keys.noReap());
    await().until(() -> read(a.rosters).isComplete());
    await().until(() -> a.log.changes.size() == 4);
    assertThat(a.log.lines().subList(2, 4))
        .allMatch(line -> line.endsWith(" -ann") || line.endsWith(" -ben"));
  }

  @Test
  void nobodyIsReapedBeforeTheFirstHeartbeatAfterAnOutage() {
    enter(a.rosters, "ann", null);
    enter(b.rosters, "ben", null);
    leases.close(); // nobody beats any more, as if Redis stood still
    await().until(() -> leaseOf("b") < now() && leaseOf("a") < now());
    await().during(Duration.ofMillis(1_200)).until(() -> a.log.changes.size() == 2);
    assertThat(read(a.rosters).isComplete()).isFalse();
  }

  @Test
  void aStormOfJoinsAndADeadNodeWithAllOfThemIsToldToTheLast() {
    PresentNode large = node("c", new RosterLimits(1_000, 1_000_000), PresentNode.GRACE);
    for (int from = 0; from < 1_000; from += 50) { // more at once might not be answered in time
      List<CompletionStage<?>> entering = new ArrayList<>();
      for (int i = from; i < from + 50; i++) {
        entering.add(large.rosters.enter(ROOM, new Present(user("u" + i), "{}")));
      }
      entering.forEach(one -> assertThat(TestNode.get(one)).isInstanceOf(Outcome.Done.class));
    }
    await().until(() -> a.log.changes.size() == 1_000);
    kill(large);
    await().until(() -> a.log.changes.size() == 2_000);
    assertThat(a.log.changes.stream().map(change -> change.stamp().version()))
        .isEqualTo(LongStream.rangeClosed(1, 2_000).boxed().toList());
    assertThat(read(a.rosters).members()).isEmpty();
  }

  @Test
  void whatNoNodeOfThisClusterWroteIsNotBelieved() {
    enter(a.rosters, "ann", null);
    RelayConfig other = TestConfig.withSecret(config, new Secret("another"));
    try (PresentNode stranger = new PresentNode(other, "d", LIMITS, PresentNode.GRACE)) {
      enter(stranger.rosters, "eve", null);
      Map<RelayObserver.Drop, Integer> drops = a.node.observer.drops;
      await().until(() -> drops.equals(Map.of(RelayObserver.Drop.SECRET, 1))); // what it told
      assertThat(read(a.rosters).members()).containsExactly(new Present(user("ann"), null));
      assertThat(drops).as("and what it left").containsEntry(RelayObserver.Drop.SECRET, 2);
      assertThat(toldUntilNow()).containsExactly("1 +ann");
    }
  }

  @Test
  void everyKeyIsGoneWhenEverybodyIs() {
    enter(a.rosters, "ann", "1");
    enter(b.rosters, "ann", "2");
    leave(a.rosters, "ann");
    leave(b.rosters, "ann");
    await().until(() -> read(a.rosters).members().isEmpty());
    assertThat(
            cli.redis.exists(keys.roster(ROOM), keys.grace(), keys.present("a"), keys.present("b")))
        .isZero();
  }

  /// The node says nothing any more, as after `kill -9`.
  private void kill(PresentNode node) {
    leases.alive.remove(node == a ? "a" : node == b ? "b" : "c");
    node.close();
  }

  /// As the heartbeat of a node says it when that node ends in order.
  private void sayGoodbye(String id, Duration grace) {
    leases.alive.remove(id);
    ControlKeys control = keys.control();
    String[] names = {
      control.nodes(), control.node(id), control.count(id), control.fingerprint(), control.present()
    };
    String text = new String(Script.GOODBYE.text(), StandardCharsets.UTF_8);
    long ends = grace.plus(RosterReaper.early(PresentNode.LEASE)).toMillis();
    cli.redis.eval(text, ScriptOutputType.MULTI, names, id, Long.toString(ends));
  }

  private double leaseOf(String id) {
    Double lease = cli.redis.zscore(keys.nodes(), id);
    Double own = cli.redis.zscore(keys.present(), id);
    return Math.max(lease == null ? 0 : lease, own == null ? 0 : own);
  }

  private double now() {
    List<String> time = cli.redis.time();
    return Double.parseDouble(time.getFirst()) * 1_000 + Double.parseDouble(time.getLast()) / 1_000;
  }
}
