package dev.pushgate.gateway.session;

import dev.pushgate.core.name.AppId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// How many sessions each app has on this node, held against a limit. Thread-safe.
final class AppSessions {
  private final int maxPerApp;
  private final ConcurrentHashMap<AppId, AtomicInteger> counts = new ConcurrentHashMap<>();

  /// @param maxPerApp 0 for any number
  AppSessions(int maxPerApp) {
    this.maxPerApp = maxPerApp;
  }

  /// Takes a place; false when the app has none left.
  boolean enter(AppId app) {
    AtomicInteger count = counts.computeIfAbsent(app, id -> new AtomicInteger());
    if (count.incrementAndGet() > maxPerApp && maxPerApp > 0) {
      count.decrementAndGet();
      return false;
    }
    return true;
  }

  /// Gives a place back.
  void leave(AppId app) {
    AtomicInteger count = counts.get(app);
    if (count == null) {
      throw new IllegalStateException("nobody entered for app " + app);
    }
    count.decrementAndGet();
  }

  /// How many sessions the app has now.
  int of(AppId app) {
    AtomicInteger count = counts.get(app);
    return count == null ? 0 : count.get();
  }
}
