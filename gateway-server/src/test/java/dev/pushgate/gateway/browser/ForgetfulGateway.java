package dev.pushgate.gateway.browser;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/// Stands in front of a gateway and does to publishes what happens to them on bad days. Other calls
/// it lets pass.
/// Thread-safe.
final class ForgetfulGateway implements AutoCloseable {
  /// What becomes of one publish.
  sealed interface Fate {}

  /// It reaches the gateway; of the answer half arrives.
  record AnswerLost() implements Fate {}

  /// It does not reach the gateway, and is answered so.
  ///
  /// @param retryAfter seconds; none when it is empty
  record Refused(int status, String retryAfter) implements Fate {}

  /// One try that came.
  record Try(String idempotencyKey, long atNanos) {}

  private static final String CANNED =
      "{\"success\":false,\"error\":\"Not now\",\"code\":\"STORE_UNAVAILABLE\"}";

  private final HttpServer server;
  private final HttpClient client = HttpClient.newHttpClient();
  private final String target;
  private final BlockingQueue<Fate> fates = new LinkedBlockingQueue<>();
  private final List<Try> tries = new CopyOnWriteArrayList<>();
  private final List<String> others = new CopyOnWriteArrayList<>();

  /// @param target the gateway's origin
  ForgetfulGateway(String target) {
    this.target = target;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::answer);
    server.start();
  }

  String origin() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /// What becomes of the next publishes, one after the other. Those behind them pass.
  void expect(Fate... next) {
    tries.clear();
    others.clear();
    fates.clear();
    fates.addAll(List.of(next));
  }

  /// The publishes that came since.
  List<Try> tries() {
    return List.copyOf(tries);
  }

  /// The paths of the other calls that came since.
  List<String> others() {
    return List.copyOf(others);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      Headers headers = exchange.getResponseHeaders();
      headers.set("Access-Control-Allow-Origin", "*");
      headers.set("Access-Control-Expose-Headers", "Retry-After");
      String asked = exchange.getRequestHeaders().getFirst("Access-Control-Request-Headers");
      if (asked != null) {
        headers.set("Access-Control-Allow-Headers", asked);
        headers.set("Access-Control-Allow-Methods", "POST, PATCH");
        exchange.sendResponseHeaders(204, -1);
        return;
      }
      if (!exchange.getRequestURI().getPath().endsWith("/publish")) {
        others.add(exchange.getRequestURI().getPath());
        HttpResponse<byte[]> passed = pass(exchange);
        send(exchange, passed.statusCode(), passed.body(), 0);
        return;
      }
      String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
      tries.add(new Try(String.valueOf(key), System.nanoTime()));
      switch (fates.poll()) {
        case Refused(int status, String retryAfter) -> {
          if (!retryAfter.isEmpty()) {
            headers.set("Retry-After", retryAfter);
          }
          send(exchange, status, CANNED.getBytes(StandardCharsets.UTF_8), 0);
        }
        case AnswerLost _ -> {
          HttpResponse<byte[]> passed = pass(exchange);
          send(exchange, passed.statusCode(), passed.body(), 100);
        }
        case null -> {
          HttpResponse<byte[]> passed = pass(exchange);
          send(exchange, passed.statusCode(), passed.body(), 0);
        }
      }
    }
  }

  private HttpResponse<byte[]> pass(HttpExchange exchange) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(target + exchange.getRequestURI()))
            .method(
                exchange.getRequestMethod(),
                BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
    for (String name : List.of("Authorization", "Content-Type", "Idempotency-Key")) {
      String value = exchange.getRequestHeaders().getFirst(name);
      if (value != null) {
        request.header(name, value);
      }
    }
    try {
      return client.send(request.build(), BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /// @param missing how many bytes it announces that never come
  private static void send(HttpExchange exchange, int status, byte[] body, int missing)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length + missing);
    exchange.getResponseBody().write(body);
    exchange.getResponseBody().flush();
  }

  @Override
  public void close() {
    server.stop(0);
    client.close();
  }
}
