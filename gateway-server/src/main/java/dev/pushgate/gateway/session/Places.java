package dev.pushgate.gateway.session;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.MemoryShare;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.gateway.net.ConnectionsPerAddress;
import org.jspecify.annotations.Nullable;

/// How many sessions there may be: of an app and of a client address. Thread-safe.
public final class Places {
  /// What a session takes on the heap by itself, with its socket and without subscriptions.
  static final int SESSION_BYTES = 4 << 10;

  /// Percent of the memory for connections. The rest is left to HTTP, so that a node that is full
  /// of sessions still takes what is published to them.
  private static final int SESSIONS_PART = 87;

  private static final Outcome.Refused<?> APP_IS_FULL =
      new Outcome.Refused<>(Refusal.QUOTA_EXCEEDED, "The app has too many connections");
  private static final Outcome.Refused<?> ADDRESS_IS_FULL =
      new Outcome.Refused<>(Refusal.QUOTA_EXCEEDED, "Your address has too many connections");

  private static final Outcome.Refused<?> NODE_IS_FULL =
      new Outcome.Refused<>(
          Refusal.QUOTA_EXCEEDED, "There is no memory for another connection of yours");

  private final MemoryShare memory;

  /// What of it is of sessions.
  private final MemoryShare sessions;

  private final AppSessions apps;
  private final ConnectionsPerAddress addresses;

  /// @param memory for what connections cost by themselves
  public Places(SessionLimits.Room room, MemoryShare memory) {
    this.memory = memory;
    this.sessions = memory.within(SESSIONS_PART);
    this.apps = new AppSessions(room.perApp());
    this.addresses = new ConnectionsPerAddress(room.perAddress());
  }

  /// How many sessions an app has now.
  int of(AppId app) {
    return apps.of(app);
  }

  /// Takes a place, which [#leave] gives back. Null when there was one; otherwise why not.
  Outcome.@Nullable Refused<?> enter(MemoryHolder holder, String address) {
    if (!takeMemory(holder)) {
      return NODE_IS_FULL;
    }
    Outcome.Refused<?> full = enter(appOf(holder), address);
    if (full != null) {
      giveBackMemory(holder);
    }
    return full;
  }

  private boolean takeMemory(MemoryHolder holder) {
    if (!sessions.take(holder, SESSION_BYTES)) {
      memory.refused();
      return false;
    }
    if (!memory.take(holder, SESSION_BYTES)) {
      sessions.giveBack(holder, SESSION_BYTES);
      return false;
    }
    return true;
  }

  private void giveBackMemory(MemoryHolder holder) {
    memory.giveBack(holder, SESSION_BYTES);
    sessions.giveBack(holder, SESSION_BYTES);
  }

  private Outcome.@Nullable Refused<?> enter(AppId app, String address) {
    if (!addresses.enter(address)) {
      return ADDRESS_IS_FULL;
    }
    if (!apps.enter(app)) {
      addresses.leave(address);
      return APP_IS_FULL;
    }
    return null;
  }

  void leave(MemoryHolder holder, String address) {
    giveBackMemory(holder);
    apps.leave(appOf(holder));
    addresses.leave(address);
  }

  private static AppId appOf(MemoryHolder holder) {
    AppId app = holder.app();
    if (app == null) {
      throw new IllegalArgumentException("a session is of an app");
    }
    return app;
  }
}
