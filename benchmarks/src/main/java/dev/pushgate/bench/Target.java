package dev.pushgate.bench;

import dev.pushgate.auth.Secret;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.OptionalLong;

/// What is measured. Immutable.
///
/// @param name for people
/// @param key subscribes and publishes
/// @param isGateway whether it speaks the gateway's protocol; else it is the floor, which sends
///     bodies as they
///     are to whoever has connected
/// @param listenAt where subscribers connect, one behind the other; publishers connect to `address`
/// @param pid the process whose CPU time counts, when it is known
public record Target(
    String name,
    InetSocketAddress address,
    List<InetSocketAddress> listenAt,
    Secret key,
    boolean isGateway,
    OptionalLong pid) {
  public Target {
    listenAt = List.copyOf(listenAt);
  }
}
