package dev.pushgate.gateway.net.websocket;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// A client's part of the opening handshake, RFC 6455, section 4.2. No extension and no subprotocol
/// is agreed on: those it offers are passed over. Immutable.
///
/// @param key the client's `Sec-WebSocket-Key`; empty when there is a refusal
/// @param refusal what is answered instead of 101; null when nothing is wrong
public record Handshake(String key, @Nullable HttpRefusal refusal) {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int KEY_BYTES = 16;
  private static final int KEY_LENGTH = 24;

  /// What a request for a WebSocket says, of which nothing else is kept.
  public static Handshake of(HttpRequest request) {
    HttpRefusal refusal = refusalOf(request);
    String key = request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_KEY);
    return new Handshake(refusal == null && key != null ? key : "", refusal);
  }

  private static @Nullable HttpRefusal refusalOf(HttpRequest request) {
    HttpHeaders headers = request.headers();
    if (!request.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
      return HttpRefusal.badRequest("A WebSocket needs HTTP/1.1");
    }
    if (!headers.containsValue(HttpHeaderNames.UPGRADE, "websocket", true)
        || !headers.containsValue(HttpHeaderNames.CONNECTION, "upgrade", true)) {
      return HttpRefusal.badRequest("Upgrade: websocket and Connection: Upgrade are required");
    }
    if (isRepeated(headers, HttpHeaderNames.SEC_WEBSOCKET_VERSION)
        || isRepeated(headers, HttpHeaderNames.SEC_WEBSOCKET_KEY)) {
      return HttpRefusal.badRequest("Sec-WebSocket-Version and -Key may each come once");
    }
    if (!"13".equals(headers.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
      return HttpRefusal.UPGRADE_REQUIRED;
    }
    if (!isKey(headers.get(HttpHeaderNames.SEC_WEBSOCKET_KEY))) {
      return HttpRefusal.badRequest("Sec-WebSocket-Key must be 16 bytes in base64");
    }
    return null;
  }

  /// RFC 6455, sections 11.3.1 and 11.3.5.
  private static boolean isRepeated(HttpHeaders headers, CharSequence name) {
    return headers.getAll(name).size() > 1;
  }

  /// The bytes of a 101 answer, when nothing is wrong.
  ///
  /// @param date the value of its `Date`
  public byte[] switchingProtocols(String requestId, String date) {
    String answer =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: "
            + accept(key)
            + "\r\nDate: "
            + date
            + "\r\nX-Request-Id: "
            + requestId
            + "\r\n\r\n";
    return answer.getBytes(StandardCharsets.US_ASCII);
  }

  /// Java's decoder would do without the padding.
  private static boolean isKey(@Nullable String key) {
    if (key == null || key.length() != KEY_LENGTH) {
      return false;
    }
    try {
      return Base64.getDecoder().decode(key).length == KEY_BYTES;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String accept(String key) {
    try {
      byte[] text = (key + GUID).getBytes(StandardCharsets.ISO_8859_1);
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-1", e);
    }
  }
}
