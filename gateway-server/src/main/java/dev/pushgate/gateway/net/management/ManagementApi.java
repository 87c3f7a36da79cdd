package dev.pushgate.gateway.net.management;

import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.gateway.net.HttpApi;
import dev.pushgate.rest.Answers;
import dev.pushgate.rest.ApiRequest;
import dev.pushgate.rest.ApiResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// The management listener's three addresses. It asks nobody for a key, so it listens on the
/// loopback interface unless the operator says otherwise. Thread-safe.
public final class ManagementApi implements HttpApi {
  private static final String JSON = "application/json";

  private final Readiness readiness;
  private final String metricsType;
  private final Supplier<String> metrics;

  /// @param metricsType the content type of `metrics`
  /// @param metrics everything there is to read; may take its time and may block
  public ManagementApi(Readiness readiness, String metricsType, Supplier<String> metrics) {
    this.readiness = readiness;
    this.metricsType = metricsType;
    this.metrics = metrics;
  }

  @Override
  public CompletionStage<ApiResponse> handle(ApiRequest request) {
    return switch (request.path()) {
      case "/health/live", "/health/ready", "/metrics" ->
          isRead(request) ? read(request.path()) : now(Answers.methodNotAllowed("GET, HEAD"));
      default -> now(Answers.refused(new Outcome.Refused<>(Refusal.NOT_FOUND)));
    };
  }

  private static CompletionStage<ApiResponse> now(ApiResponse answer) {
    return CompletableFuture.completedStage(answer);
  }

  private static boolean isRead(ApiRequest request) {
    return request.method().equals("GET") || request.method().equals("HEAD");
  }

  /// Metrics are put together on a thread of their own: an event loop has clients to serve.
  private CompletionStage<ApiResponse> read(String path) {
    return switch (path) {
      case "/health/live" -> now(text(200, JSON, "{\"status\":\"up\"}"));
      case "/health/ready" -> now(ready());
      default ->
          CompletableFuture.supplyAsync(
              () -> text(200, metricsType, metrics.get()), Thread::startVirtualThread);
    };
  }

  private ApiResponse ready() {
    Map<String, Boolean> checks = new TreeMap<>(readiness.checks());
    boolean ready = readiness.isReady();
    String status = !ready ? "down" : checks.containsValue(false) ? "degraded" : "up";
    String each =
        checks.entrySet().stream()
            .map(check -> "\"%s\":\"%s\"".formatted(check.getKey(), status(check.getValue())))
            .collect(Collectors.joining(","));
    String json = "{\"status\":\"%s\",\"checks\":{%s}%s}".formatted(status, each, reasons());
    return text(ready ? 200 : 503, JSON, json);
  }

  private String reasons() {
    Map<String, String> reasons = new TreeMap<>(readiness.reasons());
    return reasons.isEmpty()
        ? ""
        : reasons.entrySet().stream()
            .map(reason -> "\"%s\":%s".formatted(reason.getKey(), quoted(reason.getValue())))
            .collect(Collectors.joining(",", ",\"reasons\":{", "}"));
  }

  /// As a JSON string: what a server says may hold anything.
  private static String quoted(String words) {
    StringBuilder json = new StringBuilder("\"");
    words
        .chars()
        .forEach(
            c -> {
              if (c < ' ' || c == '"' || c == '\\' || Character.isSurrogate((char) c)) {
                json.append("\\u%04x".formatted(c));
              } else {
                json.append((char) c);
              }
            });
    return json.append('"').toString();
  }

  private static String status(boolean up) {
    return up ? "up" : "down";
  }

  private static ApiResponse text(int status, String contentType, String body) {
    return new ApiResponse(
        status,
        Map.of("content-type", contentType, "cache-control", "no-store"),
        body.getBytes(StandardCharsets.UTF_8));
  }
}
