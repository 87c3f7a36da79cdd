package dev.pushgate.gateway.relay.redis;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// A server that says what Redis says of subscriptions, and can be told to bring a message that
/// nobody subscribed to. For one connection at a time. Thread-safe.
final class PubSubServer implements AutoCloseable {
  /// What it was asked, one line for each command: `SUBSCRIBE news`.
  final List<String> asked = new CopyOnWriteArrayList<>();

  /// Whether UNSUBSCRIBE is answered.
  volatile boolean answersUnsubscribe = true;

  private final ServerSocket server;
  private volatile @Nullable Socket connection;

  PubSubServer() {
    try {
      server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  String url() {
    return "redis://127.0.0.1:" + server.getLocalPort();
  }

  /// Brings a message, whether it is subscribed to or not.
  void bring(String channel, String message) {
    say("*3\r\n" + bulk("message") + bulk(channel) + bulk(message));
  }

  private void accept() {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        connection = socket;
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        for (List<String> command = read(in); !command.isEmpty(); command = read(in)) {
          answer(command);
        }
      } catch (IOException _) {
        // the client is gone, or this server
      }
    }
  }

  private static List<String> read(BufferedReader in) throws IOException {
    List<String> words = new ArrayList<>();
    String head = in.readLine();
    for (int left = head == null ? 0 : Integer.parseInt(head.substring(1)); left > 0; left--) {
      in.readLine(); // its length
      words.add(in.readLine());
    }
    return words;
  }

  private void answer(List<String> command) {
    asked.add(String.join(" ", command));
    List<String> channels = command.subList(1, command.size());
    switch (command.getFirst()) {
      case "SUBSCRIBE" -> channels.forEach(channel -> confirm("subscribe", channel));
      case "UNSUBSCRIBE" -> {
        if (answersUnsubscribe) {
          channels.forEach(channel -> confirm("unsubscribe", channel));
        }
      }
      default -> say("+OK\r\n");
    }
  }

  private void confirm(String what, String channel) {
    say("*3\r\n" + bulk(what) + bulk(channel) + ":1\r\n");
  }

  private static String bulk(String text) {
    return "$" + text.length() + "\r\n" + text + "\r\n";
  }

  private synchronized void say(String text) {
    Socket socket = connection;
    if (socket == null) {
      throw new IllegalStateException("nobody is connected");
    }
    try {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
      Socket socket = connection;
      if (socket != null) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
