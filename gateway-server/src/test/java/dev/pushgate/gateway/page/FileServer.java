package dev.pushgate.gateway.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pushgate.core.memory.MemoryBudget;
import dev.pushgate.gateway.net.ClientOrigin;
import dev.pushgate.gateway.net.GatewayListener;
import dev.pushgate.gateway.net.HttpLimits;
import dev.pushgate.gateway.net.HttpPipeline;
import dev.pushgate.gateway.net.loop.GatewayLoops;
import dev.pushgate.gateway.net.loop.Transport;
import dev.pushgate.rest.ApiRequest;
import dev.pushgate.rest.ApiResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// The files behind a listener on a free port; in the REST API's place somebody who says what he
/// was asked. Thread-safe.
final class FileServer implements AutoCloseable {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final GatewayLoops loops = new GatewayLoops(Transport.best(), 1);
  private final GatewayListener listener;
  private final InetSocketAddress address;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  FileServer(boolean withPage) {
    FileApi api = new FileApi(withPage, request -> CompletableFuture.completedStage(echo(request)));
    HttpLimits limits =
        new HttpLimits(
            1_000,
            MemoryBudget.unlimited(),
            HttpLimits.Connections.UNLIMITED,
            new HttpLimits.Times(LONG, LONG, LONG),
            new HttpLimits.LeastRate(0, LONG),
            0);
    ClientOrigin origin = new ClientOrigin(false, null);
    HttpPipeline pipeline =
        new HttpPipeline(api, null, null, _ -> {}, origin, limits, loops, Clock.systemUTC());
    listener = new GatewayListener(loops, pipeline);
    address = listener.listen("127.0.0.1", 0);
  }

  /// `passed on: METHOD /path [body]`
  private static ApiResponse echo(ApiRequest request) {
    String said =
        "passed on: %s %s [%s]"
            .formatted(request.method(), request.path(), new String(request.body(), UTF_8));
    return new ApiResponse(200, Map.of("content-type", "text/plain"), said.getBytes(UTF_8));
  }

  InetSocketAddress address() {
    return address;
  }

  HttpResponse<byte[]> get(String path, String... headers) {
    return ask("GET", path, "", headers);
  }

  /// @param headers names and values, one behind the other
  HttpResponse<byte[]> ask(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http:/" + address + path))
            .timeout(LONG)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return client.send(request.build(), BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), UTF_8);
  }

  @Override
  public void close() {
    client.close();
    listener.close();
    loops.close(Duration.ofSeconds(10));
  }
}
