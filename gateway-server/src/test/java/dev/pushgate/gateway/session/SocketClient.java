package dev.pushgate.gateway.session;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.pushgate.gateway.net.websocket.ClientBytes;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/// A WebSocket client of a test: blocking, and as ill-mannered as the test wants it. Confined to
/// its test.
public final class SocketClient implements AutoCloseable {
  private static final int TIMEOUT_MS = 20_000;

  private final Socket socket;
  private final DataInputStream in;

  public SocketClient(int port) {
    this(port, 0);
  }

  /// @param receiveBytes how much the client's side of the connection buffers; 0 for as much as
  ///     usual
  public SocketClient(int port, int receiveBytes) {
    try {
      socket = new Socket();
      if (receiveBytes > 0) {
        socket.setReceiveBufferSize(receiveBytes);
      }
      socket.setSoTimeout(TIMEOUT_MS);
      socket.setTcpNoDelay(true);
      socket.connect(new InetSocketAddress("127.0.0.1", port), TIMEOUT_MS);
      in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Asks for a WebSocket and gives the answer's head.
  public String handshake(String target, String... headers) {
    return request(opening(target, headers));
  }

  /// The same, with these bytes right behind the request.
  public String handshake(String target, byte[] behind) {
    return request(opening(target) + new String(behind, ISO_8859_1));
  }

  /// The same, and nothing more is sent.
  public String handshakeAndEnd(String target, byte[] behind) {
    send((opening(target) + new String(behind, ISO_8859_1)).getBytes(ISO_8859_1));
    endOutput();
    return head();
  }

  private static String opening(String target, String... headers) {
    StringBuilder request = new StringBuilder("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n");
    request.append("Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n");
    String key = Base64.getEncoder().encodeToString(new byte[16]);
    request.append("Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ").append(key);
    for (String header : headers) {
      request.append("\r\n").append(header);
    }
    return request + "\r\n\r\n";
  }

  /// Sends any bytes and gives the head of the HTTP answer, in lower case.
  public String request(String request) {
    send(request.getBytes(ISO_8859_1));
    return head();
  }

  private String head() {
    StringBuilder head = new StringBuilder();
    try {
      while (head.indexOf("\r\n\r\n") < 0) {
        head.append((char) in.readUnsignedByte());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(head.toString(), e);
    }
    return head.toString().toLowerCase(Locale.ROOT);
  }

  public SocketClient text(String text) {
    return send(new ClientBytes().text(text).bytes());
  }

  public SocketClient send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /// Says that nothing more is sent, and goes on reading.
  public void endOutput() {
    try {
      socket.shutdownOutput();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Sends what it can of these bytes: the server may close meanwhile.
  public void trySend(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException e) {
      // It has closed: what it said before is still to be read.
    }
  }

  /// The next frame: a text as it is, others as `ping`, `pong x`, `close 1000 sentence`, or `end`
  /// for the end of the stream.
  public String next() {
    try {
      int first = in.readUnsignedByte();
      int length = in.readUnsignedByte();
      if (length == 126) {
        length = in.readUnsignedShort();
      } else if (length == 127) {
        length = (int) in.readLong();
      }
      byte[] payload = new byte[length];
      in.readFully(payload);
      return describe(first, payload);
    } catch (EOFException | SocketException e) {
      return "end";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The next frame that is not one of the server's pings.
  public String nextButPings() {
    String frame = next();
    while (frame.equals("ping")) {
      frame = next();
    }
    return frame;
  }

  private static String describe(int first, byte[] payload) {
    String text = new String(payload, StandardCharsets.UTF_8);
    return switch (first) {
      case 0x81 -> text;
      case 0x88 ->
          payload.length == 0
              ? "close"
              : "close "
                  + ((payload[0] & 0xFF) << 8 | (payload[1] & 0xFF))
                  + (" " + new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8))
                      .stripTrailing();
      case 0x89 -> "ping";
      case 0x8A -> ("pong " + text).strip();
      default -> throw new AssertionError("a frame that begins with " + first);
    };
  }

  /// Passes over frames until one contains this.
  public String nextWith(String part) {
    String last = "nothing";
    for (String frame = next(); !frame.equals("end"); frame = next()) {
      if (frame.contains(part)) {
        return frame;
      }
      last = frame;
    }
    throw new AssertionError("closed without " + part + ", after " + last);
  }

  /// Subscribes and gives the answer.
  public String subscribe(String channel) {
    text("{\"type\":\"subscribe\",\"channel\":\"" + channel + "\"}");
    return nextWith("\"subscribed\"");
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
