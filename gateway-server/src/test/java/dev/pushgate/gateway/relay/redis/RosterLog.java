package dev.pushgate.gateway.relay.redis;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.presence.MemberId;
import dev.pushgate.core.presence.RosterChange;
import dev.pushgate.core.presence.RosterListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Keeps what rosters tell, a line for each change: `5 +ann=info` or `6 -ann`. Thread-safe.
final class RosterLog implements RosterListener {
  final List<RosterChange> changes = new CopyOnWriteArrayList<>();
  final List<String> held = new CopyOnWriteArrayList<>();
  final List<ChannelKey> doubtful = new CopyOnWriteArrayList<>();

  @Override
  public void changed(RosterChange change) {
    changes.add(change);
  }

  @Override
  public void holds(ChannelKey key, MemberId member) {
    held.add(member.value());
  }

  @Override
  public void doubtful(ChannelKey key) {
    doubtful.add(key);
  }

  List<String> lines() {
    return changes.stream().map(RosterLog::line).toList();
  }

  private static String line(RosterChange change) {
    String id = change.member().id().value();
    String info = change.member().info();
    return change.stamp().version()
        + switch (change.action()) {
          case PRESENT -> " +" + id + (info == null ? "" : "=" + info);
          case GONE -> " -" + id;
        };
  }
}
