package dev.pushgate.rest;

import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What the headers may say about a body that is to be read as JSON. Stateless.
final class BodyHeaders {
  private static final String JSON = "application/json";

  private BodyHeaders() {}

  /// Whether a call of this method reads a body at all.
  static boolean isRead(ApiRequest request) {
    return request.method().equals("POST") || request.method().equals("PATCH");
  }

  /// Why a body is not read; null when it is. Saying nothing about it is fine.
  static Outcome.@Nullable Refused<ApiResponse> refusal(ApiRequest request) {
    String type = request.header("content-type");
    if (type != null && !type.equals(JSON) && !isJson(type.toLowerCase(Locale.ROOT))) {
      return new Outcome.Refused<>(
          Refusal.UNSUPPORTED_MEDIA_TYPE,
          "Send the body as JSON in UTF-8, with the header Content-Type: application/json");
    }
    String encoding = request.header("content-encoding");
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      return new Outcome.Refused<>(
          Refusal.UNSUPPORTED_MEDIA_TYPE, "Send the body uncompressed, without Content-Encoding");
    }
    return null;
  }

  /// Parameters other than `charset` mean nothing (RFC 8259, section 11).
  private static boolean isJson(String type) {
    int end = type.indexOf(';');
    if (!(end < 0 ? type : type.substring(0, end)).strip().equals(JSON)) {
      return false;
    }
    while (end >= 0) {
      int start = end + 1;
      end = type.indexOf(';', start);
      String parameter = (end < 0 ? type.substring(start) : type.substring(start, end)).strip();
      if (parameter.startsWith("charset=") && !isUtf8(parameter.substring("charset=".length()))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isUtf8(String charset) {
    return charset.equals("utf-8") || charset.equals("\"utf-8\"") || charset.equals("utf8");
  }
}
