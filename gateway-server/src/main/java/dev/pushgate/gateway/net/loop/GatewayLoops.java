package dev.pushgate.gateway.net.loop;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The event loops of the node. Thread-safe.
public final class GatewayLoops {
  private final Transport transport;
  private final MultiThreadIoEventLoopGroup group;
  private final MultiThreadIoEventLoopGroup acceptor;
  private final List<GatewayLoop> loops;
  private final Map<EventExecutor, GatewayLoop> byExecutor = new IdentityHashMap<>();

  /// @param count how many loops, which is how many shards
  public GatewayLoops(Transport transport, int count) {
    this.transport = transport;
    this.group =
        new MultiThreadIoEventLoopGroup(
            count, new DefaultThreadFactory("pushgate-loop"), transport.ioHandlers());
    this.acceptor =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("pushgate-accept"), transport.ioHandlers());
    List<GatewayLoop> made = new ArrayList<>();
    for (EventExecutor executor : group) {
      SingleThreadEventLoop loop = (SingleThreadEventLoop) executor;
      GatewayLoop gatewayLoop =
          new GatewayLoop(
              made.size(), loop, new NettyShardLoop(loop), DeadlineWheel.on(loop), new Lingering());
      made.add(gatewayLoop);
      byExecutor.put(loop, gatewayLoop);
    }
    this.loops = List.copyOf(made);
  }

  public Transport transport() {
    return transport;
  }

  /// All loops by their index.
  public List<GatewayLoop> all() {
    return loops;
  }

  /// The loop that a socket was accepted on, and stays on.
  public GatewayLoop of(Channel socket) {
    GatewayLoop loop = byExecutor.get(socket.eventLoop());
    if (loop == null) {
      throw new IllegalArgumentException("this socket lives on a loop of somebody else");
    }
    return loop;
  }

  public EventLoopGroup group() {
    return group;
  }

  /// The loop of the listening socket, which does nothing else: behind the work of another the
  /// system's queue of new connections could run over, and whoever is then not let in comes back a
  /// second later at the earliest (RFC 6298, section 2.1).
  public EventLoopGroup acceptor() {
    return acceptor;
  }

  /// Ends the loops, and waits for them: tasks that were handed over before are run, sockets that
  /// are still open are closed. The last step of a stop: a task that is handed over later is
  /// rejected.
  public void close(Duration limit) {
    long millis = limit.toMillis();
    var unused = acceptor.shutdownGracefully(0, millis, TimeUnit.MILLISECONDS);
    group.shutdownGracefully(0, millis, TimeUnit.MILLISECONDS).awaitUninterruptibly(millis);
  }
}
