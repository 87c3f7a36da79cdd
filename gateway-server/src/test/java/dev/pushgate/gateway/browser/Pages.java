package dev.pushgate.gateway.browser;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A web site of its own, on another origin than the gateway: the tests' own pages at `/`, and what
/// lies in the repository's `clients/` and `examples/`. Thread-safe.
final class Pages implements AutoCloseable {
  private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
  private static final List<String> SHOWN = List.of("/clients/", "/examples/");
  private static final String MODULE = "/clients/javascript/pushgate.js";

  private final HttpServer server;

  private Pages(HttpServer server) {
    this.server = server;
  }

  static Pages start() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext("/", Pages::answer);
      server.start();
      return new Pages(server);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String origin() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /// The client as it lies in the repository, for tests without a gateway.
  String module() {
    return origin() + MODULE;
  }

  /// The source of that client.
  static Path moduleFile() {
    return REPOSITORY.resolve(MODULE.substring(1));
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      byte[] body = path.equals("/favicon.ico") ? new byte[0] : file(path);
      if (body == null) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      exchange.getResponseHeaders().set("Content-Type", type(path));
      exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static byte @Nullable [] file(String path) throws IOException {
    if (SHOWN.stream().anyMatch(path::startsWith)) {
      Path file = REPOSITORY.resolve(path.substring(1)).normalize();
      boolean inside = file.startsWith(REPOSITORY) && Files.isRegularFile(file);
      return inside ? Files.readAllBytes(file) : null;
    }
    String name = path.equals("/") ? "/page.html" : path;
    try (InputStream in = Pages.class.getResourceAsStream("/browser" + name)) {
      return in == null ? null : in.readAllBytes();
    }
  }

  private static String type(String path) {
    if (path.endsWith(".js") || path.endsWith(".mjs")) {
      return "text/javascript; charset=utf-8";
    }
    return path.endsWith(".css") ? "text/css; charset=utf-8" : "text/html; charset=utf-8";
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
