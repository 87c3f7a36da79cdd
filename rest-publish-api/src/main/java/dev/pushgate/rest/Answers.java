package dev.pushgate.rest;

import dev.pushgate.core.name.TextRule;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.store.ChannelCatalog.Page;
import dev.pushgate.core.store.ChannelCatalog.PageRequest;
import dev.pushgate.rest.json.JsonOutput;
import dev.pushgate.rest.json.JsonOutput.Writable;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import tools.jackson.core.JsonGenerator;

/// The envelopes of all answers: `{"success":true,"data":…}`, and what stands there instead when
/// a request is refused. Stateless.
public final class Answers {
  /// Answers hold what a key may see, or a key itself: no cache keeps them. And they differ by
  /// origin (CORS).
  private static final Map<String, String> HEADERS =
      Map.of("Content-Type", "application/json", "Cache-Control", "no-store", "Vary", "Origin");

  /// When to try again after something that recovers by itself, usually at once or within a few
  /// seconds.
  private static final Duration SOON = Duration.ofSeconds(1);

  private static final ApiResponse NO_CONTENT =
      new ApiResponse(204, Map.of("Cache-Control", "no-store", "Vary", "Origin"), new byte[0]);

  private Answers() {}

  /// Any refusal as the answer to a request, also to one that was refused before it was read
  /// whole.
  public static ApiResponse refused(Outcome.Refused<?> refused) {
    return switch (refused.refusal()) {
      case UNAUTHORIZED, INVALID_TOKEN -> refused(refused, "WWW-Authenticate", "Bearer");
      case RATE_LIMITED, QUOTA_EXCEEDED, RELAY_UNAVAILABLE, STORE_UNAVAILABLE ->
          refused(refused, SOON);
      case FORBIDDEN,
          NOT_FOUND,
          CHANNEL_NOT_FOUND,
          CONFLICT,
          VALIDATION_ERROR,
          INVALID_JSON,
          PAYLOAD_TOO_LARGE,
          UNSUPPORTED_MEDIA_TYPE,
          METHOD_NOT_ALLOWED ->
          new ApiResponse(refused.refusal().status(), HEADERS, error(refused));
      // Of a bug there is nothing more precise to say. What says more has too much in hand.
      case SERVER_ERROR ->
          refused.sentence().equals(Refusal.SERVER_ERROR.sentence())
              ? new ApiResponse(refused.refusal().status(), HEADERS, error(refused))
              : busy(refused);
    };
  }

  /// This node has too much in hand just now: 503, and when to come back.
  public static ApiResponse busy(String sentence) {
    return busy(new Outcome.Refused<>(Refusal.SERVER_ERROR, sentence));
  }

  private static ApiResponse busy(Outcome.Refused<?> refused) {
    ApiResponse answer = refused(refused, SOON);
    return new ApiResponse(503, answer.headers(), answer.body());
  }

  /// A refusal that says when to come back, rounded up to seconds.
  static ApiResponse refused(Outcome.Refused<?> refused, Duration retryAfter) {
    long seconds = Math.max(1, retryAfter.plusNanos(999_999_999).toSeconds());
    return refused(refused, "Retry-After", Long.toString(seconds));
  }

  /// @param allowed the methods that are answered there
  public static ApiResponse methodNotAllowed(String allowed) {
    String sentence = "This method is not allowed here; these are: " + allowed;
    return refused(new Outcome.Refused<>(Refusal.METHOD_NOT_ALLOWED, sentence), "Allow", allowed);
  }

  private static ApiResponse refused(Outcome.Refused<?> refused, String name, String value) {
    Map<String, String> headers = new LinkedHashMap<>(HEADERS);
    headers.put(name, value);
    return new ApiResponse(refused.refusal().status(), headers, error(refused));
  }

  private static byte[] error(Outcome.Refused<?> refused) {
    return JsonOutput.bytes(
        json -> {
          json.writeStartObject();
          writeError(json, refused);
          if (!refused.details().isEmpty()) {
            writeDetails(json, refused.details());
          }
          json.writeEndObject();
        });
  }

  /// The fields that every error has, into an object that is open.
  static void writeError(JsonGenerator json, Outcome.Refused<?> refused) {
    json.writeBooleanProperty("success", false);
    json.writeStringProperty("error", TextRule.writable(refused.sentence()));
    json.writeStringProperty("code", refused.refusal().name());
  }

  private static void writeDetails(JsonGenerator json, Map<String, List<String>> details) {
    json.writeObjectPropertyStart("details");
    new TreeMap<>(details)
        .forEach(
            (field, whys) -> {
              json.writeArrayPropertyStart(TextRule.writable(field));
              whys.forEach(why -> json.writeString(TextRule.writable(why)));
              json.writeEndArray();
            });
    json.writeEndObject();
  }

  /// `{"success":true,"data":…}`
  static ApiResponse success(int status, Writable data) {
    return unwrapped(
        status,
        json -> {
          json.writeStartObject();
          json.writeBooleanProperty("success", true);
          json.writeName("data");
          data.writeTo(json);
          json.writeEndObject();
        });
  }

  /// `{"success":true,"data":{"items":[…]}}`
  static <T> ApiResponse items(Collection<T> items, BiConsumer<JsonGenerator, T> write) {
    return success(
        200,
        json -> {
          json.writeStartObject();
          json.writeArrayPropertyStart("items");
          items.forEach(item -> write.accept(json, item));
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  static ApiResponse unwrapped(int status, Writable whole) {
    return new ApiResponse(status, HEADERS, JsonOutput.bytes(whole));
  }

  static ApiResponse noContent() {
    return NO_CONTENT;
  }

  /// `"pagination":{…}`, into an object that is open.
  static void writePagination(JsonGenerator json, PageRequest request, Page<?> page) {
    long totalPages = (page.total() + request.pageSize() - 1) / request.pageSize();
    json.writeObjectPropertyStart("pagination");
    json.writeNumberProperty("page", request.page());
    json.writeNumberProperty("pageSize", request.pageSize());
    json.writeNumberProperty("total", page.total());
    json.writeNumberProperty("totalPages", totalPages);
    json.writeEndObject();
  }
}
