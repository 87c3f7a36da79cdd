package dev.pushgate.gateway.relay.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.presence.Present;
import dev.pushgate.core.presence.RosterLimits;
import dev.pushgate.core.presence.RosterStamp;
import dev.pushgate.gateway.testing.RedisProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Rosters over a Redis that hangs.
class RosterFaultIT {
  private static final RosterLimits LARGE = new RosterLimits(2_000, 1_000_000);

  /// More might not be answered in time on a busy machine.
  private static final int AT_ONCE = 50;

  private final RedisProcess redis = RedisProcess.start();
  private final Leases leases = new Leases(redis.url(), "t", "a", "b");
  private final PresentNode a =
      new PresentNode(
          TestConfig.of("t", redis.url()), "a", RostersContract.LIMITS, PresentNode.GRACE);

  @AfterEach
  void close() {
    a.close();
    leases.close();
    redis.close();
  }

  @Test
  void whomARedisThatIsBackHasOfThisNodeIsToldButForThoseWhoLeave() {
    PresentNode patient =
        new PresentNode(TestConfig.of("t", redis.url()), "b", LARGE, Duration.ofHours(1));
    try (patient) {
      List<String> users = IntStream.range(0, 1_200).mapToObj(i -> "u\n" + i).toList();
      for (int from = 0; from < users.size(); from += AT_ONCE) {
        List<CompletionStage<?>> entering = new ArrayList<>();
        users
            .subList(from, from + AT_ONCE)
            .forEach(
                id ->
                    entering.add(
                        patient.rosters.enter(
                            RostersContract.ROOM, new Present(RostersContract.user(id), null))));
        entering.forEach(one -> assertThat(TestNode.get(one)).isInstanceOf(Outcome.Done.class));
      }
      RostersContract.enter(patient.rosters, "leaving", null);
      RostersContract.leave(patient.rosters, "leaving");
      redis.pause();
      await().until(() -> !patient.node.shards.all().getFirst().isUp());
      patient.log.held.clear();

      redis.resume();
      await().until(() -> Set.copyOf(patient.log.held).size() >= users.size());
      assertThat(Set.copyOf(patient.log.held)).isEqualTo(Set.copyOf(users));
    }
  }

  @Test
  void aChangeThatWasRefusedIsNotMadeLater() {
    RostersContract.enter(a.rosters, "ann", null);
    redis.pause();
    CompletionStage<Outcome<RosterStamp>> entering =
        a.rosters.enter(RostersContract.ROOM, new Present(RostersContract.user("ben"), null));
    CompletionStage<Outcome<RosterStamp>> leaving =
        a.rosters.leave(RostersContract.ROOM, RostersContract.user("ann"));
    assertThat(TestNode.get(entering)).isInstanceOf(Outcome.Refused.class);
    assertThat(TestNode.get(leaving)).isInstanceOf(Outcome.Refused.class);

    redis.resume();
    await().until(() -> a.node.shards.all().getFirst().isUp());
    try (RedisCli cli = new RedisCli(redis.url())) {
      assertThat(cli.redis.zcard(new RosterKeys("t").grace())).isZero();
    }
    assertThat(RostersContract.read(a.rosters).members())
        .containsExactly(new Present(RostersContract.user("ann"), null));
  }
}
