package dev.pushgate.gateway.session;

import dev.pushgate.auth.Principal;
import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.MemoryShare;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.gateway.net.ConnectionsPerAddress;
import org.jspecify.annotations.Nullable;

/// How many sessions there may be: of an app and of a client address, and as many as there is
/// memory for, each with what its token says. Thread-safe.
public final class Places {
  /// What a session takes on the heap by itself, with its socket and without subscriptions, and
  /// without what its token says.
  static final int SESSION_BYTES = 4 << 10;

  /// Percent of the memory for connections. The rest is left to HTTP, so that a node that is full
  /// of sessions still takes what is published to them.
  private static final int SESSIONS_PART = 87;

  /// By how much a token may take more than one that there was room for, whatever there is now: a
  /// name of a few characters more must not end a session.
  private static final int HARDLY_MORE_BYTES = 256;

  private static final Outcome.Refused<?> APP_IS_FULL =
      new Outcome.Refused<>(Refusal.QUOTA_EXCEEDED, "The app has too many connections");
  private static final Outcome.Refused<?> ADDRESS_IS_FULL =
      new Outcome.Refused<>(Refusal.QUOTA_EXCEEDED, "Your address has too many connections");

  private static final Outcome.Refused<?> NODE_IS_FULL =
      new Outcome.Refused<>(
          Refusal.QUOTA_EXCEEDED, "There is no memory for another connection of yours");
  private static final Outcome.Refused<?> TOKEN_IS_TOO_LARGE =
      new Outcome.Refused<>(
          Refusal.QUOTA_EXCEEDED,
          "There is no memory for a token that says more than this connection's");

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
  ///
  /// @param holder on whose account the session is until its end, whatever tokens come
  Outcome.@Nullable Refused<?> enter(MemoryHolder holder, Principal principal, String address) {
    int bytes = bytesOf(principal);
    if (!takeMemory(holder, bytes)) {
      return NODE_IS_FULL;
    }
    Outcome.Refused<?> full = enter(appOf(holder), address);
    if (full != null) {
      giveBackMemory(holder, bytes);
    }
    return full;
  }

  /// The session is to go on with another token. Null when there is room for that; otherwise why
  /// not, and its place is as it was. Who asks for no more than he has, or for hardly more than
  /// there was room for, gets it, however full the node is.
  ///
  /// @param roomBytes what the token before took, without what it got beyond the room there was
  Outcome.@Nullable Refused<?> renew(
      MemoryHolder holder, Principal before, Principal renewed, int roomBytes) {
    int more = bytesOf(renewed) - bytesOf(before);
    if (more <= 0) {
      giveBackMemory(holder, -more);
    } else if (isHardlyMore(renewed.heapBytes(), roomBytes)) {
      memory.force(holder, more);
      sessions.force(holder, more);
    } else if (!takeMemory(holder, more)) {
      return TOKEN_IS_TOO_LARGE;
    }
    return null;
  }

  /// Whether a token of so many bytes goes without room of its own. However many come one after the
  /// other, each a little larger: together they get no more than the first.
  static boolean isHardlyMore(int tokenBytes, int roomBytes) {
    return tokenBytes <= roomBytes + HARDLY_MORE_BYTES;
  }

  private static int bytesOf(Principal principal) {
    return SESSION_BYTES + principal.heapBytes();
  }

  private boolean takeMemory(MemoryHolder holder, int bytes) {
    if (!sessions.take(holder, bytes)) {
      memory.refused();
      return false;
    }
    if (!memory.take(holder, bytes)) {
      sessions.giveBack(holder, bytes);
      return false;
    }
    return true;
  }

  private void giveBackMemory(MemoryHolder holder, int bytes) {
    memory.giveBack(holder, bytes);
    sessions.giveBack(holder, bytes);
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

  /// @param principal the newest
  void leave(MemoryHolder holder, Principal principal, String address) {
    giveBackMemory(holder, bytesOf(principal));
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
