package dev.pushgate.gateway.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Stands between a client and a server on this machine and does to their connections what networks
/// do. Thread-safe.
public final class TcpProxy implements AutoCloseable {
  /// What happens to what is sent.
  public enum Mode {
    PASS,
    /// The server hears everything; nothing it says arrives.
    SWALLOW_ANSWERS,
    /// Connections are accepted and stay open; nothing arrives at either side, until it passes
    /// again: then what was held arrives.
    FREEZE,
    /// Connections are closed as soon as they are accepted.
    REFUSE
  }

  private volatile int target;
  private final ServerSocket listener;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicInteger onTheWay = new AtomicInteger();
  private final Object changed = new Object();
  private volatile Mode mode = Mode.PASS;
  private volatile long delayNanos;

  /// @param target the server's port on the loopback address
  public TcpProxy(int target) {
    this.target = target;
    try {
      this.listener = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start("accept", this::accept);
  }

  public int port() {
    return listener.getLocalPort();
  }

  /// Sends whoever connects from now on to another server: those who are connected stay.
  public void moveTo(int port) {
    target = port;
  }

  /// How many connections were made to it so far.
  public int accepted() {
    return accepted.get();
  }

  /// Leads new connections to another server from now on; those that there are stay.
  public void lead(int port) {
    target = port;
  }

  public void mode(Mode next) {
    synchronized (changed) {
      mode = next;
      changed.notifyAll();
    }
  }

  /// How long everything is on its way from now on, in each direction.
  public void delayMs(long ms) {
    delayNanos = ms * 1_000_000;
  }

  /// How many pieces of what was sent have not arrived yet.
  public int onTheWay() {
    return onTheWay.get();
  }

  /// Breaks all connections that there are.
  public void cut() {
    sockets.forEach(this::close);
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    mode(Mode.REFUSE);
    cut();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        accepted.incrementAndGet();
        if (mode == Mode.REFUSE) {
          close(client);
        } else {
          connect(client);
        }
      } catch (IOException _) {
        // closed, or the server is away: the client sees its connection end
      }
    }
  }

  private void connect(Socket client) throws IOException {
    sockets.add(client);
    Socket server = new Socket();
    try {
      server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), 1_000);
    } catch (IOException e) {
      close(client);
      throw e;
    }
    sockets.add(server);
    client.setTcpNoDelay(true);
    server.setTcpNoDelay(true);
    start("requests", () -> pump(client, server, false));
    start("answers", () -> pump(server, client, true));
  }

  private void pump(Socket from, Socket to, boolean answers) {
    byte[] buffer = new byte[1 << 16];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        onTheWay.incrementAndGet();
        try {
          delay(System.nanoTime() + delayNanos);
          awaitThaw(to);
          if (!(answers && mode == Mode.SWALLOW_ANSWERS)) {
            out.write(buffer, 0, n);
          }
        } finally {
          onTheWay.decrementAndGet();
        }
      }
    } catch (IOException | InterruptedException _) {
      // one side is gone: so is the other
    }
    close(from);
    close(to);
  }

  private static void delay(long until) {
    for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private void awaitThaw(Socket to) throws InterruptedException {
    synchronized (changed) {
      while (mode == Mode.FREEZE && !to.isClosed()) {
        changed.wait(100);
      }
    }
  }

  private void close(Socket socket) {
    sockets.remove(socket);
    try {
      socket.close();
    } catch (IOException _) {
      // it is gone either way
    }
  }

  private static void start(String name, Runnable task) {
    Thread.ofPlatform().daemon().name("tcp-proxy-" + name).start(task);
  }
}
