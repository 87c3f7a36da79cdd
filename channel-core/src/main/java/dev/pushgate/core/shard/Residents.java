package dev.pushgate.core.shard;

import dev.pushgate.core.channel.ChannelHome;
import dev.pushgate.core.channel.HomeHost;
import dev.pushgate.core.channel.HomeLimits;
import dev.pushgate.core.name.ChannelKey;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The homes that are in memory on one shard. One that nobody uses stays for a while, as long as
/// there is room. Confined to its shard.
final class Residents {
  /// A home, and since when nobody uses it.
  static final class Resident {
    final ChannelHome home;
    private boolean idle;
    private long idleSinceMs;

    /// Whether it is counted as one without members.
    private boolean isSpare = true;

    Resident(ChannelHome home) {
      this.home = home;
    }
  }

  private final HomeHost host;
  private final ShardSetup setup;
  private final HomeLimits.Log limits;
  private final LongSupplier steadyMs;
  private final ChannelMemory memory;
  private final Map<ChannelKey, Resident> residents = new HashMap<>();

  /// Homes that could be forgotten, longest idle first.
  private final Map<ChannelKey, Resident> idle = new LinkedHashMap<>();

  Residents(HomeHost host, ChannelMemory memory, ShardSetup setup) {
    this.host = host;
    this.setup = setup;
    this.limits = setup.limits().log();
    this.steadyMs = setup.steadyMs();
    this.memory = memory;
  }

  int size() {
    return residents.size();
  }

  @Nullable Resident find(ChannelKey key) {
    return residents.get(key);
  }

  /// The home of the channel, which is made when there is none; null when there is no room for
  /// another one, though all of this shard are forgotten that nobody uses.
  @Nullable Resident withRoom(ChannelKey key) {
    Resident found = residents.get(key);
    if (found != null) {
      return found;
    }
    while (!memory.hasRoomForHome(key)) {
      if (idle.isEmpty()) {
        memory.refused();
        return null;
      }
      forgetLongestIdle();
    }
    return of(key);
  }

  /// The home of the channel, which is made when there is none, whether or not there is room.
  Resident of(ChannelKey key) {
    Resident found = residents.get(key);
    if (found == null) {
      ChannelHome home = new ChannelHome(key, host, setup.directory().isDeclared(key));
      found = new Resident(home);
      residents.put(key, found);
      memory.spare(key);
    }
    return found;
  }

  /// As [#settle] for what nobody here asked for: an idle home stays idle since when it was, or one
  /// that much is published to would be followed for ever.
  void goOn(Resident resident) {
    if (!resident.idle || !resident.home.isForgettable()) {
      settle(resident);
    }
  }

  /// Notes whether the home may be forgotten one day, counted from now.
  void settle(Resident resident) {
    count(resident);
    if (resident.idle) {
      idle.remove(resident.home.key());
      resident.idle = false;
    }
    if (resident.home.isForgettable()) {
      resident.idle = true;
      resident.idleSinceMs = steadyMs.getAsLong();
      idle.put(resident.home.key(), resident);
      forgetBeyondLimit();
    }
  }

  /// Forgets those that have been idle for long, or whose room is needed. Called once a second.
  void sweep() {
    long idleSince = steadyMs.getAsLong() - limits.idle().toMillis();
    Iterator<Resident> longestIdle = idle.values().iterator();
    while (longestIdle.hasNext()) {
      Resident resident = longestIdle.next();
      if (resident.idleSinceMs > idleSince
          && idle.size() <= limits.idleChannels()
          && !memory.isOver()) {
        return;
      }
      longestIdle.remove();
      forget(resident);
    }
  }

  private void forgetBeyondLimit() {
    if (idle.size() > limits.idleChannels()) {
      forgetLongestIdle();
    }
  }

  private void forgetLongestIdle() {
    Iterator<Resident> longestIdle = idle.values().iterator();
    Resident first = longestIdle.next();
    longestIdle.remove();
    forget(first);
  }

  /// With members, a channel is on the account of the first of them.
  private void count(Resident resident) {
    boolean isSpare = resident.home.memberCount() == 0;
    if (isSpare != resident.isSpare) {
      resident.isSpare = isSpare;
      if (isSpare) {
        memory.spare(resident.home.key());
      } else {
        memory.spareNoMore(resident.home.key());
      }
    }
  }

  private void forget(Resident resident) {
    resident.home.forget();
    residents.remove(resident.home.key());
    if (resident.isSpare) {
      memory.spareNoMore(resident.home.key());
    }
  }
}
