package dev.pushgate.gateway.browser;

import com.sun.net.httpserver.HttpExchange;
import dev.pushgate.gateway.endtoend.Rest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Does for the page of examples/chat what that folder's `server.js` does, where there is no Node.
/// Thread-safe.
final class ChatSite implements AutoCloseable {
  private static final String JSON = "application/json";
  private static final Pattern NAME = Pattern.compile("\\{\"name\":\"([^\"]+)\"}");
  private static final Pattern SESSION = Pattern.compile("session=(\\d+)");

  private final ExampleSite site;
  private final String gateway;
  private final Rest rest;
  private final int tokenSeconds;
  private final Map<String, String> names = new ConcurrentHashMap<>();
  private final AtomicInteger minted = new AtomicInteger();

  /// @param gateway the origin at which pages reach the gateway
  /// @param rest the gateway's, with the secret key
  ChatSite(String gateway, Rest rest, int tokenSeconds) {
    this.site = new ExampleSite("chat", gateway);
    this.gateway = gateway;
    this.rest = rest;
    this.tokenSeconds = tokenSeconds;
    site.at("/config", this::config);
    site.at("/sign-in", this::signIn);
    site.at("/token", this::token);
  }

  int port() {
    return site.port();
  }

  /// How many tokens it has minted.
  int minted() {
    return minted.get();
  }

  private void config(HttpExchange exchange) throws IOException {
    String name = name(exchange);
    String text = "{\"gateway\":\"%s\",\"name\":%s}";
    answer(exchange, text.formatted(gateway, name == null ? null : '"' + name + '"'));
  }

  private void signIn(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    Matcher name = NAME.matcher(new String(body, StandardCharsets.UTF_8));
    if (!name.matches()) {
      throw new IOException("no name");
    }
    String session = Integer.toString(names.size());
    names.put(session, name.group(1));
    exchange.getResponseHeaders().set("Set-Cookie", "session=" + session + "; SameSite=Strict");
    answer(exchange, "{\"name\":\"" + name.group(1) + "\"}");
  }

  private void token(HttpExchange exchange) throws IOException {
    String name = name(exchange);
    String wish =
        "{\"userId\":\"%s\",\"clientId\":\"%s\",\"ttlSeconds\":%d,\"grants\":{\"chat:*\":%s}}"
            .formatted(name, name, tokenSeconds, "[\"subscribe\",\"publish\"]");
    String token = rest.post("/api/v1/auth/token", wish).text("data", "token");
    minted.incrementAndGet();
    answer(exchange, "{\"token\":\"" + token + "\"}");
  }

  private @Nullable String name(HttpExchange exchange) {
    String cookie = exchange.getRequestHeaders().getFirst("Cookie");
    Matcher session = SESSION.matcher(cookie == null ? "" : cookie);
    return session.find() ? names.get(session.group(1)) : null;
  }

  private static void answer(HttpExchange exchange, String json) throws IOException {
    ExampleSite.answer(exchange, 200, JSON, json);
  }

  @Override
  public void close() {
    site.close();
  }
}
