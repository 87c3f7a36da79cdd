package dev.pushgate.gateway.endtoend;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/// Somebody with few rights, many connections and no manners. What becomes of each of its
/// connections is no concern of its own: it goes on with the others. Thread-safe.
abstract sealed class Attacker implements AutoCloseable permits Attackers.Habit {
  private static final int SMALL_BUFFER = 4 << 10;
  private static final int CONNECT_MS = 10_000;

  private final Node node;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private volatile boolean over;

  Attacker(Node node) {
    this.node = node;
  }

  Node node() {
    return node;
  }

  /// Begins, and comes back when the harm is done; what goes on then does so until it is closed.
  abstract void attack();

  boolean isOver() {
    return over;
  }

  /// A connection that buffers as little as it can; null when there is none to be had.
  final Connection open() {
    Socket socket = new Socket();
    sockets.add(socket);
    try {
      socket.setReceiveBufferSize(SMALL_BUFFER);
      socket.setSoTimeout(CONNECT_MS);
      socket.connect(new InetSocketAddress("127.0.0.1", node.port()), CONNECT_MS);
    } catch (IOException _) {
      // refused, or the attacker was closed meanwhile
    }
    return new Connection(socket);
  }

  /// A connection that has asked for a WebSocket and was answered, or was not.
  final Connection webSocket(String credential) {
    Connection connection = open();
    connection.send(
        ("GET /ws?token=%s HTTP/1.1\r\n"
                + "Host: x\r\n"
                + "Upgrade: websocket\r\n"
                + "Connection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n")
            .formatted(credential));
    return connection;
  }

  /// Does this again and again until the attacker is closed.
  final void goOn(long pauseNanos, Runnable action) {
    Thread.ofVirtual()
        .start(
            () -> {
              while (!over) {
                action.run();
                LockSupport.parkNanos(pauseNanos);
              }
            });
  }

  @Override
  public String toString() {
    return getClass().getSimpleName();
  }

  @Override
  public void close() {
    over = true;
    for (Socket socket : sockets) {
      try {
        socket.close();
      } catch (IOException _) {
        // it was closed by the other side
      }
    }
  }

  /// One of its connections.
  record Connection(Socket socket) {
    /// Sends what the other side takes: it may have closed.
    void send(String latin1) {
      send(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    void send(byte[] bytes) {
      try {
        socket.getOutputStream().write(bytes);
      } catch (IOException _) {
        // closed by the other side
      }
    }

    /// Takes this many bytes, or as many as come.
    int read(int bytes) {
      try {
        return socket.getInputStream().readNBytes(bytes).length;
      } catch (IOException _) {
        return 0;
      }
    }
  }
}
