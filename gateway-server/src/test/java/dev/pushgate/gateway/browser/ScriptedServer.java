package dev.pushgate.gateway.browser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// A server that does to its visitors what a test has written down, also what no gateway would do.
/// Thread-safe.
final class ScriptedServer implements AutoCloseable {
  /// What happens to one visitor, from its first byte on. When it ends, the connection does.
  interface Script {
    void play(Visit visit) throws IOException;
  }

  private final ServerSocket listener;
  private final AtomicInteger visits = new AtomicInteger();
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile Script script;

  ScriptedServer(Script script) {
    this(0, script);
  }

  ScriptedServer(int port, Script script) {
    this.script = script;
    try {
      this.listener = new ServerSocket(port, 128, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofPlatform().daemon().name("scripted-server").start(this::accept);
  }

  /// Another script, for those who come from now on.
  void script(Script next) {
    script = next;
  }

  String origin() {
    return "http://127.0.0.1:" + listener.getLocalPort();
  }

  /// How many connections were made so far.
  int visits() {
    return visits.get();
  }

  /// All messages that visitors have sent, as they came.
  List<String> heard() {
    return heard;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        visits.incrementAndGet();
        open.add(socket);
        Thread.ofVirtual().start(() -> play(socket));
      } catch (IOException _) {
        // closed
      }
    }
  }

  private void play(Socket socket) {
    try (socket) {
      script.play(new Visit(socket, heard::add));
    } catch (IOException _) {
      // the visitor has gone
    } finally {
      open.remove(socket);
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
