package dev.pushgate.bench;

import dev.pushgate.auth.Secret;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/// Speaks as the floor does, a thread for each connection, and can be made to do wrong.
/// Thread-safe.
final class SmallServer implements AutoCloseable {
  private final ServerSocket listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
  private final List<OutputStream> subscribers = new ArrayList<>();
  private final UnaryOperator<List<byte[]>> fault;
  private List<byte[]> published = List.of();

  /// @param fault makes of the messages that are due what is really sent; what it makes nothing of
  ///     stays due
  SmallServer(UnaryOperator<List<byte[]>> fault) throws IOException {
    this.fault = fault;
    Thread.ofVirtual().start(this::acceptAll);
  }

  Target target() {
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.getLocalPort());
    return new Target(
        "small",
        address,
        List.of(address),
        new Secret("none"),
        false,
        OptionalLong.of(ProcessHandle.current().pid()));
  }

  private void acceptAll() {
    try {
      while (true) {
        Socket socket = listener.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      String head;
      while (!(head = head(in)).isEmpty()) {
        if (head.startsWith("POST")) {
          int length = Integer.parseInt(head.replaceFirst("(?s).*Content-Length: (\\d+).*", "$1"));
          fanOut(in.readNBytes(length));
          write(socket.getOutputStream(), "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n");
        } else {
          join(socket.getOutputStream());
        }
      }
    } catch (IOException e) {
      // the other side is gone
    }
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    int next;
    while (head.indexOf("\r\n\r\n") < 0 && (next = in.read()) >= 0) {
      head.append((char) next);
    }
    return head.toString();
  }

  private synchronized void join(OutputStream out) throws IOException {
    write(out, "HTTP/1.1 101 Switching Protocols\r\n\r\n");
    subscribers.add(out);
  }

  private synchronized void fanOut(byte[] body) throws IOException {
    List<byte[]> due = new ArrayList<>(published);
    due.add(body);
    List<byte[]> sent = fault.apply(due);
    published = sent.isEmpty() ? due : List.of();
    for (OutputStream subscriber : subscribers) {
      for (byte[] message : sent) {
        subscriber.write(frame(message));
      }
    }
  }

  private static byte[] frame(byte[] message) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(0x81);
    frame.write(126);
    frame.write(message.length >> 8);
    frame.write(message.length);
    frame.writeBytes(message);
    return frame.toByteArray();
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
