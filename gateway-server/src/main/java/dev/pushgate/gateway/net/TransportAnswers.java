package dev.pushgate.gateway.net;

import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.rest.Answers;
import dev.pushgate.rest.ApiResponse;
import java.util.HashMap;
import java.util.Map;

/// What is answered before a request reaches the API, or instead of its answer. The shape is the
/// API's, the status is HTTP's own where that has a more precise one than the code's.
final class TransportAnswers {
  private TransportAnswers() {}

  /// Readable by every page: who asked is not known yet, and the answer holds nothing of theirs.
  static ApiResponse refused(Refusal refusal, String sentence) {
    return readable(Answers.refused(new Outcome.Refused<>(refusal, sentence)));
  }

  private static ApiResponse readable(ApiResponse answer) {
    Map<String, String> headers = new HashMap<>(answer.headers());
    headers.put("access-control-allow-origin", "*");
    headers.put("access-control-expose-headers", "X-Request-Id, Retry-After");
    return new ApiResponse(answer.status(), headers, answer.body());
  }

  /// A request that breaks the rules of HTTP.
  static ApiResponse malformed(int status, String sentence) {
    ApiResponse answer = refused(Refusal.VALIDATION_ERROR, sentence);
    return new ApiResponse(status, answer.headers(), answer.body());
  }

  static ApiResponse bodyTooLarge(int maxBodyBytes) {
    return refused(Refusal.PAYLOAD_TOO_LARGE, "The body is larger than " + maxBodyBytes + " bytes");
  }

  /// All requests together, or those of this client, are larger than what this node may hold.
  static ApiResponse noRoom() {
    return busy("This node has too many requests in hand; try again");
  }

  /// An upgrade whose turn did not come: so many others came first.
  static ApiResponse lateUpgrade() {
    return busy("This node has too many newcomers; try again");
  }

  /// All answers together are, or those to this client.
  static ApiResponse noRoomForAnswer() {
    return busy("This node has too many answers in hand; try again");
  }

  private static ApiResponse busy(String sentence) {
    return readable(Answers.busy(sentence));
  }

  static ApiResponse tooManyFailures() {
    return refused(
        Refusal.RATE_LIMITED, "Too many failed authentications from this address; wait a little");
  }

  static ApiResponse lateRequest() {
    return malformed(408, "The request was not complete in time");
  }

  static ApiResponse lateAnswer() {
    return refused(
        Refusal.STORE_UNAVAILABLE,
        "The answer was not ready in time; whether the request was carried out is unknown");
  }

  static ApiResponse failure() {
    return refused(Refusal.SERVER_ERROR, Refusal.SERVER_ERROR.sentence());
  }

  static ApiResponse upgradeRequired() {
    ApiResponse answer = malformed(426, "This address speaks WebSocket only");
    Map<String, String> headers = new HashMap<>(answer.headers());
    headers.put("upgrade", "websocket");
    // RFC 9110, section 7.8: Upgrade is always named there.
    headers.put("connection", "upgrade");
    return new ApiResponse(answer.status(), headers, answer.body());
  }
}
