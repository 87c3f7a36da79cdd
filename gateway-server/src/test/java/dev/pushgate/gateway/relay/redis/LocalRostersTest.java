package dev.pushgate.gateway.relay.redis;

import dev.pushgate.core.presence.LocalRosters;
import dev.pushgate.core.presence.Rosters;
import java.time.Duration;
import java.util.SplittableRandom;

/// The rosters of a node that stands alone keep the contract of those in Redis.
class LocalRostersTest extends RostersContract {
  private static final Duration GRACE = Duration.ofSeconds(5);

  private long nanos = Long.MAX_VALUE - 1; // it may begin anywhere
  private final RosterLog log = new RosterLog();
  private final LocalRosters rosters =
      new LocalRosters(LIMITS, GRACE, () -> nanos, new SplittableRandom(1));

  LocalRostersTest() {
    rosters.start(log);
  }

  @Override
  Rosters here() {
    return rosters;
  }

  @Override
  Rosters there() {
    return rosters;
  }

  @Override
  RosterLog heard() {
    return log;
  }

  @Override
  void passGrace() {
    nanos += GRACE.toNanos() - 1;
    int before = log.changes.size();
    rosters.sweep();
    if (log.changes.size() != before) {
      throw new AssertionError("a grace time ended too early: " + log.lines());
    }
    nanos++;
    rosters.sweep();
  }
}
