package dev.pushgate.gateway.browser;

import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One connection to a [ScriptedServer], as its script sees it. Confined to the script's thread.
final class Visit {
  private static final String HANDSHAKE_SALT =
      "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455 1.3
  private static final int TEXT = 0x81;
  private static final int CLOSE = 0x88;
  private static final Pattern REF = Pattern.compile("\"ref\":\"([^\"]*)\"");
  private static final Pattern CHANNEL = Pattern.compile("\"channel\":\"([^\"]*)\"");

  private final DataInputStream in;
  private final OutputStream out;
  private final Consumer<String> heard;

  Visit(Socket socket, Consumer<String> heard) throws IOException {
    socket.setTcpNoDelay(true);
    this.in = new DataInputStream(socket.getInputStream());
    this.out = socket.getOutputStream();
    this.heard = heard;
  }

  /// Answers the request with a page.
  void answerWithHtml() throws IOException {
    request();
    String html = "<!doctype html><title>Not a gateway</title>";
    raw(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: "
            + html.length()
            + "\r\n\r\n"
            + html);
  }

  /// Makes it a WebSocket.
  void upgrade() throws IOException {
    String key = "";
    BufferedReader lines = new BufferedReader(new StringReader(request()));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.regionMatches(true, 0, "Sec-WebSocket-Key:", 0, 18)) {
        key = line.substring(18).strip();
      }
    }
    raw(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: "
            + accept(key)
            + "\r\n\r\n");
  }

  /// Makes it a WebSocket and greets as a gateway does.
  void welcome() throws IOException {
    upgrade();
    say("{\"type\":\"connected\",\"clientId\":\"me\",\"connectionId\":\"1\",\"timestamp\":1}");
  }

  /// What the visitor sends next.
  ///
  /// @throws EOFException when it has gone
  String hear() throws IOException {
    while (true) {
      int firstByte = in.readUnsignedByte();
      byte[] payload = payload();
      if (firstByte == TEXT) {
        String text = new String(payload, StandardCharsets.UTF_8);
        heard.accept(text);
        return text;
      }
      if (firstByte == CLOSE) {
        frame(CLOSE, payload);
        throw new EOFException("closed");
      }
    }
  }

  /// Waits for a message of this type, and answers pings meanwhile.
  ///
  /// @return its `ref`
  String hear(String type) throws IOException {
    while (true) {
      String text = hear();
      if (text.contains("\"type\":\"" + type + "\"")) {
        return found(REF, text);
      }
      answer(text);
    }
  }

  /// Answers subscriptions and pings until the visitor goes.
  ///
  /// @param offset the newest of every channel
  void serve(long offset) throws IOException {
    while (true) {
      String text = hear();
      if (text.contains("\"type\":\"subscribe\"")) {
        subscribed(text, offset);
      } else {
        answer(text);
      }
    }
  }

  /// Waits for a subscription and answers it.
  void subscribed(long offset) throws IOException {
    String text = hear();
    while (!text.contains("\"type\":\"subscribe\"")) {
      answer(text);
      text = hear();
    }
    subscribed(text, offset);
  }

  private void subscribed(String request, long offset) throws IOException {
    String recovered = request.contains("\"since\"") ? ",\"recovered\":true" : "";
    say(
        ("{\"type\":\"subscribed\",\"channel\":\"%s\",\"epoch\":\"e\",\"offset\":%d,"
                + "\"ref\":\"%s\"%s}")
            .formatted(found(CHANNEL, request), offset, found(REF, request), recovered));
  }

  void message(String channel, long offset) throws IOException {
    say(
        ("{\"type\":\"message\",\"channel\":\"%s\",\"messageId\":\"m%d\",\"eventType\":\"message\","
                + "\"clientId\":\"c\",\"data\":%d,\"timestamp\":1,\"offset\":%d}")
            .formatted(channel, offset, offset, offset));
  }

  private void answer(String text) throws IOException {
    if (text.contains("\"type\":\"ping\"")) {
      say("{\"type\":\"pong\"}");
    }
  }

  void say(String text) throws IOException {
    frame(TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  /// Closes with this code, and waits until the visitor has answered and gone.
  void close(int code) throws IOException {
    frame(CLOSE, new byte[] {(byte) (code >> 8), (byte) code});
    while (in.readUnsignedByte() != CLOSE) {
      payload();
    }
  }

  /// Says nothing until the visitor goes.
  void beSilent() throws IOException {
    in.skipNBytes(Long.MAX_VALUE);
  }

  private String request() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.readUnsignedByte());
    }
    return head.toString();
  }

  private byte[] payload() throws IOException {
    int length = in.readUnsignedByte() & 0x7F;
    if (length == 126) {
      length = in.readUnsignedShort();
    }
    byte[] mask = in.readNBytes(4);
    byte[] payload = in.readNBytes(length);
    for (int i = 0; i < payload.length; i++) {
      payload[i] ^= mask[i % 4];
    }
    return payload;
  }

  private void frame(int firstByte, byte[] payload) throws IOException {
    byte[] header =
        payload.length <= 125
            ? new byte[] {(byte) firstByte, (byte) payload.length}
            : new byte[] {
              (byte) firstByte, 126, (byte) (payload.length >> 8), (byte) payload.length
            };
    byte[] all = new byte[header.length + payload.length];
    System.arraycopy(header, 0, all, 0, header.length);
    System.arraycopy(payload, 0, all, header.length, payload.length);
    out.write(all);
  }

  private void raw(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String found(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? matcher.group(1) : "";
  }

  private static String accept(String key) {
    try {
      byte[] salted = (key + HANDSHAKE_SALT).getBytes(StandardCharsets.US_ASCII);
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(salted));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
