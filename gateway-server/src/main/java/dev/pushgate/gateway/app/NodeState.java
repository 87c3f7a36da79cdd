package dev.pushgate.gateway.app;

import dev.pushgate.gateway.net.management.Readiness;
import dev.pushgate.gateway.store.StoreHealth;
import java.util.Map;
import java.util.function.Supplier;

/// Whether this node takes clients, and what it lacks. A node whose store is away still serves
/// everything that is in memory, so it stays ready, but degraded: a balancer that dropped it would
/// help nobody. One that lost its database to another node is not ready: that one serves now.
/// Thread-safe.
final class NodeState implements Readiness {
  private final Supplier<StoreHealth> store;
  private volatile boolean open;

  NodeState(Supplier<StoreHealth> store) {
    this.store = store;
  }

  void open() {
    open = true;
  }

  void leave() {
    open = false;
  }

  @Override
  public boolean isReady() {
    return open && store.get().owned();
  }

  @Override
  public Map<String, Boolean> checks() {
    StoreHealth health = store.get();
    return Map.of("clients", open, "store", health.reachable(), "store-owner", health.owned());
  }
}
