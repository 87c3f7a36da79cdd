package dev.pushgate.gateway.app;

import dev.pushgate.core.presence.LocalRosters;
import dev.pushgate.core.presence.RosterLimits;
import dev.pushgate.core.presence.Rosters;
import dev.pushgate.gateway.config.Settings;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Before the engine: the rosters of a node that stands alone, whose grace times end by themselves.
/// Stateless.
final class PresenceStage {
  private static final long SWEEP_EVERY_MS = 200;

  private PresenceStage() {}

  static Rosters alone(Settings settings, Clock clock, LifeCycle life) {
    LocalRosters rosters =
        new LocalRosters(limits(settings), settings.presence().grace(), clock, new SecureRandom());
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("pushgate-presence").factory());
    var unused =
        timer.scheduleWithFixedDelay(
            rosters::sweep, SWEEP_EVERY_MS, SWEEP_EVERY_MS, TimeUnit.MILLISECONDS);
    life.started("presence", timer::shutdownNow);
    return rosters;
  }

  /// A whole roster goes to a client as a replay does: below its low-water mark, in one piece. So
  /// it has as much room as a recent log, which `CrossChecks` holds against the outbound limit.
  static RosterLimits limits(Settings settings) {
    return new RosterLimits(settings.presence().members(), settings.recentLog().bytes().bytes());
  }
}
