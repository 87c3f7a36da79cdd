package dev.pushgate.gateway.page;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.gateway.net.HttpApi;
import dev.pushgate.rest.Answers;
import dev.pushgate.rest.ApiRequest;
import dev.pushgate.rest.ApiResponse;
import dev.pushgate.rest.Reception;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Gives files to browsers, and passes on every request that is not for one of them. Thread-safe;
/// works in memory.
public final class FileApi implements HttpApi {
  private static final String ALLOWED = "GET, HEAD, OPTIONS";

  private final Map<String, PublicFile> files;
  private final HttpApi next;

  /// @param withPage whether the page at `/` is given beside the client module
  /// @param next answers all else
  public FileApi(boolean withPage, HttpApi next) {
    this.files = PublicFiles.load(withPage).byPath();
    this.next = next;
  }

  @Override
  public CompletionStage<ApiResponse> handle(ApiRequest request) {
    PublicFile file = files.get(request.path());
    return file == null
        ? next.handle(request)
        : CompletableFuture.completedStage(answer(request, file));
  }

  /// Nobody who asks for a file need send anything along.
  @Override
  public Reception reception(ApiRequest head) {
    PublicFile file = files.get(head.path());
    if (file == null) {
      return next.reception(head);
    }
    return isKnown(head.method())
        ? new Reception.Read(
            0,
            MemoryHolder.NODE,
            (request, _) -> CompletableFuture.completedStage(answer(request, file)))
        : new Reception.Refused(answer(head, file));
  }

  private static boolean isKnown(String method) {
    return method.equals("GET") || method.equals("HEAD") || method.equals("OPTIONS");
  }

  private static ApiResponse answer(ApiRequest request, PublicFile file) {
    return switch (request.method()) {
      case "GET", "HEAD" -> file.read(request);
      case "OPTIONS" -> options(file);
      default -> withPolicy(file, Answers.methodNotAllowed(ALLOWED));
    };
  }

  /// To a preflight too (Fetch Standard, section 3.2.2): without an allowed origin among the file's
  /// headers it is a no.
  private static ApiResponse options(PublicFile file) {
    Map<String, String> headers =
        Map.of(
            "allow",
            ALLOWED,
            "access-control-allow-methods",
            ALLOWED,
            "access-control-allow-headers",
            "*",
            "access-control-max-age",
            "7200");
    return withPolicy(file, new ApiResponse(204, headers, new byte[0]));
  }

  private static ApiResponse withPolicy(PublicFile file, ApiResponse answer) {
    Map<String, String> headers = new HashMap<>(answer.headers());
    headers.putAll(file.policy());
    return new ApiResponse(answer.status(), headers, answer.body());
  }
}
