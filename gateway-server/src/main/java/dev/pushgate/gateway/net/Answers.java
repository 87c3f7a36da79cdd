package dev.pushgate.gateway.net;

import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.rest.ApiResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/// The API's shape of a refusal, for sentences without quotes. Goes when the API's own is there.
final class Answers {
  private Answers() {}

  static ApiResponse refused(Outcome.Refused<?> refused) {
    Map<String, String> headers = new HashMap<>(Map.of("content-type", "application/json"));
    if (refused.refusal().status() == 429 || refused.refusal().status() == 503) {
      headers.put("retry-after", "1");
    }
    String json =
        "{\"success\":false,\"error\":\"%s\",\"code\":\"%s\"}"
            .formatted(refused.sentence(), refused.refusal());
    return new ApiResponse(
        refused.refusal().status(), headers, json.getBytes(StandardCharsets.UTF_8));
  }
}
