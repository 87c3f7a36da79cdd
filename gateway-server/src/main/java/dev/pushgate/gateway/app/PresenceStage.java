package dev.pushgate.gateway.app;

import dev.pushgate.core.presence.LocalRosters;
import dev.pushgate.core.presence.RosterLimits;
import dev.pushgate.core.presence.Rosters;
import dev.pushgate.gateway.config.Limits;
import dev.pushgate.gateway.config.Settings;
import java.security.SecureRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Before the engine: the rosters of a node that stands alone, whose grace times end by themselves.
/// Stateless.
final class PresenceStage {
  private static final long SWEEP_EVERY_MS = 200;

  private PresenceStage() {}

  static Rosters alone(Settings settings, LifeCycle life) {
    LocalRosters rosters =
        new LocalRosters(
            limits(settings), settings.presence().grace(), System::nanoTime, new SecureRandom());
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("pushgate-presence").factory());
    var unused =
        timer.scheduleWithFixedDelay(
            rosters::sweep, SWEEP_EVERY_MS, SWEEP_EVERY_MS, TimeUnit.MILLISECONDS);
    life.started("presence", timer::shutdownNow);
    return rosters;
  }

  static RosterLimits limits(Settings settings) {
    return new RosterLimits(settings.presence().members(), rosterBytes(settings.limits()));
  }

  /// A whole roster goes to a client as a replay does: in one piece, when no more than the
  /// low-water mark waits for its connection. What is left of the outbound limit then is for the
  /// roster, but for two messages that may come before it; where that is little, half of it.
  private static long rosterBytes(Limits limits) {
    long left = limits.outbound().bytes() - limits.outboundLowWater().bytes();
    return Math.max(left - 2 * limits.messageData().bytes(), left / 2);
  }
}
