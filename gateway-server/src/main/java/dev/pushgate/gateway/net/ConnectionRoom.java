package dev.pushgate.gateway.net;

import dev.pushgate.core.pace.RateLimitedLog;
import dev.pushgate.gateway.net.loop.GatewayLoop;
import dev.pushgate.gateway.net.loop.GatewayLoops;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.LoggerFactory;

/// How many connections a listener may have, and which one goes when another comes. Thread-safe.
///
/// A connection that is idle is no loss to its client, who opens another when it has something to
/// ask: so the one that has been idle for longest makes room. Only when none is idle is the
/// newcomer closed.
final class ConnectionRoom {
  private final HttpLimits.Connections limits;
  private final ConnectionsPerAddress addresses;
  private final HttpObserver observer;
  private final List<GatewayLoop> loops;
  private final List<IdleConnections> idle = new ArrayList<>();
  private final AtomicInteger open = new AtomicInteger();
  private final RateLimitedLog log =
      new RateLimitedLog(LoggerFactory.getLogger(ConnectionRoom.class), System::nanoTime);

  ConnectionRoom(HttpLimits.Connections limits, GatewayLoops loops, HttpObserver observer) {
    this.limits = limits;
    this.addresses = new ConnectionsPerAddress(limits.perAddress());
    this.observer = observer;
    this.loops = loops.all();
    this.loops.forEach(_ -> idle.add(new IdleConnections()));
  }

  /// The place of a connection that is about to come.
  Place place(HttpConnection connection, Channel socket, GatewayLoop loop) {
    return new Place(connection, socket, loop);
  }

  /// What one connection takes. Confined to its loop.
  final class Place {
    private final HttpConnection connection;
    private final Channel socket;
    private final GatewayLoop loop;
    private String countedAddress = "";

    private Place(HttpConnection connection, Channel socket, GatewayLoop loop) {
      this.connection = connection;
      this.socket = socket;
      this.loop = loop;
    }

    /// Counts it: until it is closed, and with its address until [#leave]. It, or one that is idle,
    /// is closed when it is one too many.
    void enter() {
      idle();
      int now = open.incrementAndGet();
      socket.closeFuture().addListener(_ -> open.decrementAndGet());
      String address = addressOf(socket);
      if (!address.isEmpty() && !addresses.enter(address)) {
        turnAway(connection, tooManyOf(address));
        return;
      }
      countedAddress = address;
      if (now > limits.all() && !idle.get(loop.index()).closeOldestBut(connection)) {
        askNext(connection, loop.index(), 1);
      }
    }

    /// It waits for a request.
    void idle() {
      idle.get(loop.index()).add(connection);
    }

    /// It has one.
    void busy() {
      idle.get(loop.index()).remove(connection);
    }

    /// It is closed, or no HTTP connection any more.
    void leave() {
      busy();
      if (!countedAddress.isEmpty()) {
        addresses.leave(countedAddress);
        countedAddress = "";
      }
    }
  }

  /// Empty when none is counted.
  private String addressOf(Channel socket) {
    return limits.perAddress() > 0
            && socket.remoteAddress() instanceof InetSocketAddress peer
            && peer.getAddress() != null
        ? peer.getAddress().getHostAddress()
        : "";
  }

  private String tooManyOf(String address) {
    return "%s has as many as pushgate.limits.http-connections-per-address allows: %d"
        .formatted(address, limits.perAddress());
  }

  /// How many connections are open, WebSockets too.
  int open() {
    return open.get();
  }

  /// Asks the other loops, one after the other, for a connection that is idle.
  private void askNext(HttpConnection newcomer, int first, int asked) {
    if (asked == loops.size()) {
      turnAway(
          newcomer,
          "all connections that pushgate.limits.connections allows are in use: " + limits.all());
      return;
    }
    int next = (first + asked) % loops.size();
    loops
        .get(next)
        .eventLoop()
        .execute(
            () -> {
              if (!idle.get(next).closeOldestBut(newcomer)) {
                askNext(newcomer, first, asked + 1);
              }
            });
  }

  private void turnAway(HttpConnection connection, String why) {
    observer.turnedAway();
    log.warn("Closed a connection that had just come: " + why);
    connection.close();
  }

  /// Makes room when the system has none: each loop closes the connection that has been idle for
  /// longest. On any thread.
  void makeRoom() {
    for (GatewayLoop loop : loops) {
      loop.eventLoop().execute(() -> idle.get(loop.index()).closeOldest());
    }
  }
}
