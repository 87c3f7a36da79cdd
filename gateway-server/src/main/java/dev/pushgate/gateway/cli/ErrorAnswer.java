package dev.pushgate.gateway.cli;

import dev.pushgate.gateway.protocol.client.JsonText;
import java.util.Map;

/// What a gateway says when it refuses a request, on one line. Thread-safe.
final class ErrorAnswer {
  private ErrorAnswer() {}

  /// @param answer the properties of the body; empty when it is no JSON object
  static String sentence(int status, Map<String, String> answer) {
    String code = JsonText.string(answer.get("code"));
    String error = JsonText.string(answer.get("error"));
    return code == null || error == null
        ? "the gateway answered with HTTP status " + status
        : code + ": " + error.replaceAll("\\s+", " ");
  }
}
