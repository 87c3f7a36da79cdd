package dev.pushgate.gateway.relay.redis;

import dev.pushgate.core.presence.LocalRosters;
import dev.pushgate.core.presence.Rosters;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.SplittableRandom;

/// The rosters of a node that stands alone keep the contract of those in Redis.
class LocalRostersTest extends RostersContract {
  private static final Duration GRACE = Duration.ofSeconds(5);

  private Instant now = Instant.EPOCH;
  private final RosterLog log = new RosterLog();
  private final LocalRosters rosters =
      new LocalRosters(LIMITS, GRACE, new Now(), new SplittableRandom(1));

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
    now = now.plus(GRACE).minusMillis(1);
    int before = log.changes.size();
    rosters.sweep();
    if (log.changes.size() != before) {
      throw new AssertionError("a grace time ended too early: " + log.lines());
    }
    now = now.plusMillis(1);
    rosters.sweep();
  }

  private final class Now extends Clock {
    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }
}
