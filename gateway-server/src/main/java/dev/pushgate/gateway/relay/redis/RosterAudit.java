package dev.pushgate.gateway.relay.redis;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.presence.RosterListener;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks one Redis whom its rosters have as present through this node, whenever it is back and every
/// now and then, and tells the homes: a Redis that came back with older data has members who have
/// left since, and would keep them as long as this node lives. Thread-safe.
final class RosterAudit {
  private static final Logger log = LoggerFactory.getLogger(RosterAudit.class);
  private static final Duration EVERY = Duration.ofSeconds(30);

  /// Between two steps, so that the homes have done one before the next.
  private static final Duration PAUSE = Duration.ofMillis(100);

  private static final int AT_ONCE = 500;
  private static final String BEGIN = "0";

  private final RelayShard shard;
  private final RosterKeys keys;
  private final String node;
  private final RelayClient client;
  private final RosterListener told;

  /// Only the steps of the newest round go on.
  private final AtomicInteger round = new AtomicInteger();

  RosterAudit(
      RelayShard shard, RosterKeys keys, String node, RelayClient client, RosterListener told) {
    this.shard = shard;
    this.keys = keys;
    this.node = node;
    this.client = client;
    this.told = told;
  }

  /// Begins. Called once.
  void start() {
    shard.onUp(this::begin);
    begin();
  }

  private void begin() {
    step(round.incrementAndGet(), BEGIN);
  }

  private void step(int mine, String cursor) {
    if (mine != round.get()) {
      return;
    }
    ScriptArgs args = new ScriptArgs().add(node).add(cursor).add(AT_ONCE);
    var unused =
        shard
            .eval(Script.ROSTER_HELD, List.of(keys.present(node), keys.grace()), args)
            .handle((reply, _) -> tell(reply))
            .thenAccept(
                next -> {
                  if (next.equals(BEGIN)) {
                    client.after(EVERY, () -> step(mine, BEGIN));
                  } else {
                    client.after(PAUSE, () -> step(mine, next));
                  }
                });
  }

  /// Gives where to go on; after an answer that did not come, at the begin.
  private String tell(@Nullable Reply reply) {
    if (reply == null) {
      return BEGIN;
    }
    Reply held = reply.list(1);
    for (int i = 0; i + 1 < held.size(); i += 2) {
      try {
        told.holds(ChannelKey.parse(held.text(i)), RosterEntry.idOf(held.text(i + 1)));
      } catch (IllegalArgumentException e) {
        log.debug("what {} has of this node is no member", shard, e);
      }
    }
    return reply.text(0);
  }
}
