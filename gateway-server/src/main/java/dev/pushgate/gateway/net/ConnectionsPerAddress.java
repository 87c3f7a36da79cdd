package dev.pushgate.gateway.net;

import dev.pushgate.core.name.ClientNetwork;
import java.util.concurrent.ConcurrentHashMap;

/// Counts the open connections of each client's network ([ClientNetwork]) against a limit.
/// Thread-safe; holds a network only while it has a connection.
public final class ConnectionsPerAddress {
  private static final int NEWCOMERS = 16;

  private final int limit;
  private final ConcurrentHashMap<String, Integer> counts = new ConcurrentHashMap<>();

  /// @param limit the most connections of one address; 0 for no limit, and then nothing is counted
  public ConnectionsPerAddress(int limit) {
    this.limit = limit;
  }

  /// Takes a place; whoever got one gives it back with [#leave], once.
  ///
  /// @return false when the address has as many connections as it may
  public boolean enter(String address) {
    if (limit == 0) {
      return true;
    }
    boolean[] entered = new boolean[1];
    counts.compute(
        ClientNetwork.of(address),
        (key, count) -> {
          int now = count == null ? 0 : count;
          entered[0] = now < limit;
          return entered[0] ? now + 1 : now;
        });
    return entered[0];
  }

  /// Takes a place also where there is none: the caller makes one.
  ///
  /// @return how many connections the address has now
  int add(String address) {
    return counts.merge(ClientNetwork.of(address), 1, Integer::sum);
  }

  /// Whether a network has more than it may, and more than some newcomers explain for whom others
  /// go in a moment.
  boolean isCrowded(String network) {
    return counts.getOrDefault(network, 0) > limit + limit / 8 + NEWCOMERS;
  }

  public void leave(String address) {
    if (limit != 0) {
      counts.computeIfPresent(
          ClientNetwork.of(address), (key, count) -> count == 1 ? null : count - 1);
    }
  }
}
