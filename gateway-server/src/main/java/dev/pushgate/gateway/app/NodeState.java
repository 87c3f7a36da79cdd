package dev.pushgate.gateway.app;

import dev.pushgate.gateway.net.management.Readiness;
import dev.pushgate.gateway.store.StoreHealth;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Whether this node takes clients, and what it lacks. A node whose store is away still serves
/// everything that is in memory, so it stays ready, but degraded: a balancer that dropped it would
/// help nobody. So it is with a relay that is away for all nodes; but one that only this node
/// cannot reach makes it not ready, for the others serve. One that lost its database to another
/// node is not ready either, nor one whose relay is not that of the others. Thread-safe.
final class NodeState implements Readiness {
  private final Supplier<StoreHealth> store;
  private final RelayWatch relay;
  private volatile boolean open;

  NodeState(Supplier<StoreHealth> store, RelayWatch relay) {
    this.store = store;
    this.relay = relay;
  }

  void open() {
    open = true;
  }

  void leave() {
    open = false;
  }

  @Override
  public boolean isReady() {
    return open && store.get().owned() && !relay.isCutOff() && !relay.isMisfit();
  }

  @Override
  public Map<String, Boolean> checks() {
    StoreHealth health = store.get();
    Map<String, Boolean> checks = new HashMap<>(relay.checks());
    checks.put("clients", open);
    checks.put("store", health.reachable());
    checks.put("store-statements", health.trouble() == null || !health.reachable());
    checks.put("store-owner", health.owned());
    return checks;
  }

  @Override
  public Map<String, String> reasons() {
    Map<String, String> reasons = new TreeMap<>(relay.reasons());
    StoreHealth health = store.get();
    String trouble = health.trouble();
    if (trouble != null) {
      reasons.put(health.reachable() ? "store-statements" : "store", trouble);
    }
    return reasons;
  }
}
