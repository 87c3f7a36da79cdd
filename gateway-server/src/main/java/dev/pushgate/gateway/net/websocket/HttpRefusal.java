package dev.pushgate.gateway.net.websocket;

import java.nio.charset.StandardCharsets;

/// An HTTP answer instead of an upgrade, after which the connection is closed. Immutable.
///
/// @param status code and phrase
/// @param headers further header lines, each with its line end
/// @param sentence what was wrong, for people; without anything that JSON would escape
/// @param code its error code, as in the REST API
public record HttpRefusal(String status, String headers, String sentence, String code) {
  static final HttpRefusal UPGRADE_REQUIRED =
      new HttpRefusal(
          "426 Upgrade Required",
          "Sec-WebSocket-Version: 13\r\nUpgrade: websocket\r\nConnection: upgrade\r\n",
          "Only version 13 of the WebSocket protocol is spoken here",
          "VALIDATION_ERROR");

  /// This node is about to stop.
  public static final HttpRefusal DRAINING =
      new HttpRefusal(
          "503 Service Unavailable", "Retry-After: 1\r\n", "This node is draining", "SERVER_ERROR");

  /// This address has failed to authenticate too often.
  public static final HttpRefusal TOO_MANY_FAILURES =
      new HttpRefusal(
          "429 Too Many Requests",
          "Retry-After: 1\r\n",
          "Too many failed authentications from this address; wait a little",
          "RATE_LIMITED");

  private static final int STATUS_DIGITS = 3;

  static HttpRefusal badRequest(String sentence) {
    return new HttpRefusal("400 Bad Request", "", sentence, "VALIDATION_ERROR");
  }

  /// The status as a number.
  public int statusCode() {
    return Integer.parseInt(status.substring(0, STATUS_DIGITS));
  }

  /// The whole answer.
  ///
  /// @param date the value of its `Date`
  public byte[] bytes(String requestId, String date) {
    String body = "{\"success\":false,\"error\":\"" + sentence + "\",\"code\":\"" + code + "\"}";
    String answer =
        "HTTP/1.1 "
            + status
            + "\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\nCache-Control: no-store\r\nConnection: close\r\nDate: "
            + date
            + "\r\nX-Request-Id: "
            + requestId
            + "\r\n"
            + headers
            + "\r\n"
            + body;
    return answer.getBytes(StandardCharsets.US_ASCII);
  }
}
