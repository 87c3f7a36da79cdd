package dev.pushgate.gateway.browser;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// A web site that shows one folder of `examples/`, as its README says to. Where a file names the
/// gateway's usual address it is given the real one: a reader does that by hand. Thread-safe.
final class ExampleSite implements AutoCloseable {
  static final Path EXAMPLES = Path.of("..", "examples").toAbsolutePath().normalize();
  private static final String USUAL = "http://localhost:8080";

  private final HttpServer server;
  private final Path folder;
  private final String gateway;

  /// @param folder its name in `examples/`
  /// @param gateway the origin at which pages reach the gateway
  ExampleSite(String folder, String gateway) {
    this.folder = EXAMPLES.resolve(folder);
    this.gateway = gateway;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::show);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  String origin() {
    return "http://127.0.0.1:" + port();
  }

  /// Answers this path otherwise than by a file.
  void at(String path, HttpHandler handler) {
    server.createContext(path, handler);
  }

  private void show(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    Path file = folder.resolve(path.equals("/") ? "index.html" : path.substring(1)).normalize();
    if (!file.startsWith(folder) || !Files.isRegularFile(file)) {
      answer(exchange, 404, "text/plain", "");
      return;
    }
    answer(exchange, 200, type(path), Files.readString(file).replace(USUAL, gateway));
  }

  private static String type(String path) {
    if (path.endsWith(".js")) {
      return "text/javascript";
    }
    return path.endsWith(".css") ? "text/css" : "text/html";
  }

  static void answer(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    try (exchange) {
      byte[] body = text.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
