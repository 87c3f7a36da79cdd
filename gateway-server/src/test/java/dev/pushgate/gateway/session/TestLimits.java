package dev.pushgate.gateway.session;

import dev.pushgate.core.memory.MemoryBudget;
import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.core.memory.MemoryParts;
import dev.pushgate.core.pace.DoublingPause;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/// Limits for tests: generous, and each test makes the one tight that it is about.
final class TestLimits {
  static final SessionLimits.Inbound INBOUND = new SessionLimits.Inbound(65_536, 100, 500, 256, 16);
  static final SessionLimits.Outbound OUTBOUND = new SessionLimits.Outbound(1 << 20, 256 * 1024);
  static final DoublingPause TURNS =
      new DoublingPause(Duration.ofMinutes(5), Duration.ofMinutes(5));
  static final Duration LEAVING = Duration.ofSeconds(2);
  static final Duration MESSAGE = Duration.ofSeconds(25);
  static final SessionLimits.Times TIMES =
      new SessionLimits.Times(
          Duration.ofSeconds(25),
          Duration.ofSeconds(60),
          Duration.ofSeconds(5),
          TURNS,
          LEAVING,
          MESSAGE);
  static final SessionLimits.Room ROOM = new SessionLimits.Room(0, 0);
  static final SessionLimits.Sending SENDING = new SessionLimits.Sending(0, 0);
  static final SessionLimits GENEROUS = new SessionLimits(INBOUND, OUTBOUND, TIMES, ROOM, SENDING);

  private TestLimits() {}

  static SessionLimits with(SessionLimits.Inbound inbound) {
    return new SessionLimits(inbound, OUTBOUND, TIMES, ROOM, SENDING);
  }

  static SessionLimits with(SessionLimits.Outbound outbound) {
    return new SessionLimits(INBOUND, outbound, TIMES, ROOM, SENDING);
  }

  static SessionLimits with(SessionLimits.Times times) {
    return new SessionLimits(INBOUND, OUTBOUND, times, ROOM, SENDING);
  }

  static SessionLimits with(SessionLimits.Sending sending) {
    return new SessionLimits(INBOUND, OUTBOUND, TIMES, ROOM, sending);
  }

  /// A budget without bounds but for one kind.
  static MemoryBudget memory(MemoryKind kind, long bytes) {
    Map<MemoryKind, Long> limits = new EnumMap<>(MemoryKind.class);
    for (MemoryKind each : MemoryKind.values()) {
      limits.put(each, each == kind ? bytes : Long.MAX_VALUE);
    }
    return new MemoryBudget(limits, MemoryParts.WHOLE);
  }
}
