package dev.pushgate.gateway.net;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.MemoryShare;
import dev.pushgate.core.name.ClientNetwork;
import dev.pushgate.core.pace.RateLimitedLog;
import dev.pushgate.core.shard.ShardLoop;
import dev.pushgate.gateway.net.loop.GatewayLoop;
import dev.pushgate.gateway.net.loop.GatewayLoops;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// How many connections a listener may have, and which one goes when another comes. Thread-safe.
///
/// A connection that is idle is no loss to its client, who opens another when it has something to
/// ask: so the one that has been idle for longest makes room; of the same address, when that has
/// all that one address may have, connections or memory. Only when none is idle is the newcomer
/// closed.
final class ConnectionRoom {
  /// Percent of the memory for connections. The rest is left to sessions, so that nobody shuts them
  /// out who only connects.
  private static final int HTTP_PART = 75;

  private static final String NO_MEMORY =
      "pushgate.memory.connections is used up, or its address has its part of it";

  private final HttpLimits.Connections limits;
  private final ConnectionsPerAddress addresses;
  private final HttpObserver observer;
  private final List<GatewayLoop> loops;
  private final List<IdleConnections> idle = new ArrayList<>();
  private final AtomicInteger open = new AtomicInteger();
  private final MemoryShare memory;

  /// What of it is of HTTP.
  private final MemoryShare ofHttp;

  private final RateLimitedLog log =
      new RateLimitedLog(LoggerFactory.getLogger(ConnectionRoom.class), System::nanoTime);

  /// @param memory for what connections cost by themselves
  ConnectionRoom(
      HttpLimits.Connections limits,
      MemoryShare memory,
      GatewayLoops loops,
      HttpObserver observer) {
    this.limits = limits;
    this.memory = memory;
    this.ofHttp = memory.within(HTTP_PART);
    this.addresses = new ConnectionsPerAddress(limits.perAddress());
    this.observer = observer;
    this.loops = loops.all();
    this.loops.forEach(_ -> idle.add(new IdleConnections(System::nanoTime)));
  }

  /// The place of a connection that is about to come.
  ///
  /// @param holder on whose account it is
  Place place(HttpConnection connection, Channel socket, MemoryHolder holder, GatewayLoop loop) {
    return new Place(connection, socket, holder, loop);
  }

  /// What one connection takes. Confined to its loop.
  final class Place {
    private final HttpConnection connection;
    private final Channel socket;
    private final MemoryHolder holder;
    private final GatewayLoop loop;
    private boolean isEntered;
    private boolean hasAsked;
    private String countedAddress = "";

    /// Whether it was closed for another, and so has made no room for itself.
    private boolean isClosedForAnother;

    /// Of that address. Written once, before others are told of the connection.
    private volatile String network = "";

    private Place(
        HttpConnection connection, Channel socket, MemoryHolder holder, GatewayLoop loop) {
      this.connection = connection;
      this.socket = socket;
      this.holder = holder;
      this.loop = loop;
    }

    /// Counts it: until it is closed, and with its address until [#leave]. It, or one that is idle,
    /// is closed when it is one too many.
    void enter() {
      idle();
      AtomicInteger counted = open; // not this place: a session would keep its whole request
      int now = counted.incrementAndGet();
      socket.closeFuture().addListener(_ -> counted.decrementAndGet());
      countedAddress = addressOf(socket);
      network = ClientNetwork.of(countedAddress);
      Predicate<MemoryHolder> crowding = takeMemory();
      if (!countedAddress.isEmpty() && addresses.add(countedAddress) > limits.perAddress()) {
        closeAnother(
            other -> other.place().network.equals(network),
            tooManyOf(countedAddress),
            () -> !countedAddress.isEmpty());
      } else if (now > limits.all()) {
        closeAnother(_ -> true, tooMany(), () -> isEntered);
      } else if (crowding != null) {
        closeAnother(other -> crowding.test(other.place().holder), NO_MEMORY, () -> isEntered);
      } else {
        decided();
      }
    }

    /// Takes it also when there is none, for the connection is there.
    ///
    /// @return whose connections are too many then
    private @Nullable Predicate<MemoryHolder> takeMemory() {
      isEntered = true;
      Predicate<MemoryHolder> crowding = takeOf(memory);
      Predicate<MemoryHolder> crowdingOthers = takeOf(ofHttp);
      return crowding == null ? crowdingOthers : crowding;
    }

    private @Nullable Predicate<MemoryHolder> takeOf(MemoryShare share) {
      if (share.take(holder, HttpLimits.Connections.BYTES_OF_EACH)) {
        return null;
      }
      Predicate<MemoryHolder> crowding =
          share.crowding(holder, HttpLimits.Connections.BYTES_OF_EACH);
      share.force(holder, HttpLimits.Connections.BYTES_OF_EACH);
      return crowding;
    }

    /// Not before the next round of I/O: thousands that come at once would else be closed for each
    /// other before any of them was read from.
    ///
    /// @param isCounted false when it has gone by itself by then, or is a session
    private void closeAnother(
        Predicate<HttpConnection> which, String why, BooleanSupplier isCounted) {
      Predicate<HttpConnection> another = other -> other != connection && which.test(other);
      Runnable close =
          () -> {
            if (isCounted.getAsBoolean() || isClosedForAnother) {
              closeOnOne(loop.index(), 0, another, connection, why);
            } else {
              decided();
            }
          };
      ShardLoop rounds = loop.shardLoop();
      rounds.runAfterIo(() -> rounds.runAfterIo(close));
    }

    /// On any thread.
    private void decided() {
      AcceptLimit.decided(socket);
    }

    /// It goes for another. If another is still to go for this one, that goes all the same: or else
    /// two newcomers would be paid for by one of them.
    void closeForAnother() {
      isClosedForAnother = true;
      connection.close();
    }

    /// It waits for a request.
    void idle() {
      idle.get(loop.index()).add(connection, hasAsked);
    }

    /// It has one.
    void busy() {
      hasAsked = true;
      idle.get(loop.index()).remove(connection);
    }

    /// It is closed, or no HTTP connection any more.
    void leave() {
      busy();
      if (isEntered) {
        isEntered = false;
        memory.giveBack(holder, HttpLimits.Connections.BYTES_OF_EACH);
        ofHttp.giveBack(holder, HttpLimits.Connections.BYTES_OF_EACH);
      }
      leaveAddress();
    }

    /// Whether its address has so many that none of them is to be kept behind its answer.
    boolean isCrowded() {
      return !countedAddress.isEmpty() && addresses.isCrowded(network);
    }

    /// It will be a WebSocket, of which its address may have others. It still takes memory.
    void leaveAddress() {
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

  private String tooMany() {
    return "all connections that pushgate.limits.connections allows are in use: " + limits.all();
  }

  /// Closes an idle connection on this loop, or, one loop after the other, on the next that has
  /// such a one: in a first round of those that never asked, in a second of those that were
  /// answered. When there is none, the newcomer. On the loop `index`.
  private void closeOnOne(
      int index, int asked, Predicate<HttpConnection> which, HttpConnection newcomer, String why) {
    IdleConnections here = idle.get(index);
    boolean isFirstRound = asked < loops.size();
    if (isFirstRound ? here.closeSilent(which) : here.closeAnswered(which, limits.leastIdle())) {
      newcomer.place().decided();
      return;
    }
    if (asked + 1 == 2 * loops.size()) {
      turnAway(newcomer, why);
      return;
    }
    int next = (index + 1) % loops.size();
    loops.get(next).eventLoop().execute(() -> closeOnOne(next, asked + 1, which, newcomer, why));
  }

  private void turnAway(HttpConnection connection, String why) {
    observer.turnedAway();
    log.warn("Closed a connection that had just come: " + why);
    connection.turnAway();
    connection.place().decided();
  }

  /// Makes room when the system has none: each loop closes an idle connection. On any thread.
  void makeRoom() {
    for (GatewayLoop loop : loops) {
      loop.eventLoop().execute(() -> makeRoom(idle.get(loop.index())));
    }
  }

  private static void makeRoom(IdleConnections here) {
    if (!here.closeSilent(_ -> true)) {
      var unused = here.closeAnswered(_ -> true, Duration.ZERO);
    }
  }
}
