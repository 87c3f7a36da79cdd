package dev.pushgate.gateway.session;

import dev.pushgate.core.name.AppId;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.gateway.net.ConnectionsPerAddress;
import org.jspecify.annotations.Nullable;

/// How many sessions there may be: of an app and of a client address. Thread-safe.
public final class Places {
  private static final Outcome.Refused<?> APP_IS_FULL =
      new Outcome.Refused<>(Refusal.QUOTA_EXCEEDED, "The app has too many connections");
  private static final Outcome.Refused<?> ADDRESS_IS_FULL =
      new Outcome.Refused<>(Refusal.QUOTA_EXCEEDED, "Your address has too many connections");

  private final AppSessions apps;
  private final ConnectionsPerAddress addresses;

  public Places(SessionLimits.Room room) {
    this.apps = new AppSessions(room.perApp());
    this.addresses = new ConnectionsPerAddress(room.perAddress());
  }

  /// How many sessions an app has now.
  int of(AppId app) {
    return apps.of(app);
  }

  /// Takes a place, which [#leave] gives back. Null when there was one; otherwise why not.
  Outcome.@Nullable Refused<?> enter(AppId app, String address) {
    if (!addresses.enter(address)) {
      return ADDRESS_IS_FULL;
    }
    if (!apps.enter(app)) {
      addresses.leave(address);
      return APP_IS_FULL;
    }
    return null;
  }

  void leave(AppId app, String address) {
    apps.leave(app);
    addresses.leave(address);
  }
}
