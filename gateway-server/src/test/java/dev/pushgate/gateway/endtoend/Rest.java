package dev.pushgate.gateway.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A publisher's view of a node. Thread-safe.
///
/// @param credential sent as bearer; none when it is empty
/// @param client whose connections are used
public record Rest(String origin, String credential, HttpClient client) {
  private static final HttpClient SHARED = newClient();
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  public Rest(String origin, String credential) {
    this(origin, credential, SHARED);
  }

  private static HttpClient newClient() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(Duration.ofSeconds(20))
        .build();
  }

  /// The same with connections of its own.
  Rest alone() {
    return new Rest(origin, credential, newClient());
  }

  /// What a node answered.
  public record Reply(HttpResponse<String> response) {
    public int status() {
      return response.statusCode();
    }

    public String body() {
      return response.body();
    }

    public String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    /// The value at this path of names and indices, as text.
    public String text(Object... path) {
      return String.valueOf(at(path));
    }

    public long number(Object... path) {
      return Long.parseLong(text(path));
    }

    public List<?> list(Object... path) {
      return (List<?>) Objects.requireNonNull(at(path));
    }

    public @Nullable Object at(Object... path) {
      return JsonTree.at(JsonTree.parse(body()), path);
    }
  }

  public Reply get(String path) {
    return call("GET", path, null);
  }

  public Reply delete(String path) {
    return call("DELETE", path, null);
  }

  public Reply patch(String path, String json) {
    return call("PATCH", path, json);
  }

  /// @param headers names and values, one behind the other
  public Reply post(String path, String json, String... headers) {
    return call("POST", path, json, headers);
  }

  public Reply publish(String channel, String data, String... headers) {
    return post("/api/v1/publish", publication(channel, data), headers);
  }

  public CompletableFuture<Reply> publishLater(String channel, String data, String... headers) {
    return client
        .sendAsync(
            request("POST", "/api/v1/publish", publication(channel, data), headers),
            BodyHandlers.ofString())
        .thenApply(Reply::new);
  }

  public Reply declare(String slug) {
    return post("/api/v1/channels", "{\"name\":\"" + slug + "\",\"slug\":\"" + slug + "\"}");
  }

  /// All of a channel's messages, newest first.
  public List<Object> history(String channel) {
    List<Object> history = new ArrayList<>();
    for (int page = 1; ; page++) {
      Reply reply = get("/api/v1/channels/" + channel + "/messages?pageSize=100&page=" + page);
      history.addAll(reply.list("data", "items"));
      if (page >= reply.number("data", "pagination", "totalPages")) {
        return history;
      }
    }
  }

  private static String publication(String channel, String data) {
    return "{\"channel\":\"" + channel + "\",\"data\":" + data + "}";
  }

  private Reply call(String method, String path, @Nullable String json, String... headers) {
    try {
      return new Reply(client.send(request(method, path, json, headers), BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private HttpRequest request(
      String method, String path, @Nullable String json, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(origin + path))
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .method(method, json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json));
    if (!credential.isEmpty()) {
      request.header("Authorization", "Bearer " + credential);
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    return request.build();
  }
}
