package dev.pushgate.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.endtoend.Node;
import dev.pushgate.gateway.testing.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The server of examples/chat, in the Node that this machine has; skipped where there is none.
@NeedsBrowser
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class ChatServerIT {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final int port = FreePort.any();
  private Browser browser;
  private StandingNode node;
  private Process server;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    Programs.need("node");
    browser = Browser.start();
    node = new StandingNode(directory);
    ProcessBuilder builder = new ProcessBuilder("node", "chat/server.js");
    builder.directory(ExampleSite.EXAMPLES.toFile()).inheritIO();
    builder
        .environment()
        .putAll(
            Map.of(
                "PUSHGATE_URL", node.origin(),
                "PUSHGATE_SECRET_KEY", Node.SECRET_KEY,
                "PORT", Integer.toString(port)));
    server = builder.start();
    Awaitility.await()
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> get("/").statusCode() == 200);
  }

  @AfterAll
  void stop() {
    if (server != null) {
      server.destroyForcibly();
    }
    if (node != null) {
      node.close();
    }
    if (browser != null) {
      browser.close();
    }
  }

  @Test
  void twoPeopleTalkToEachOther() {
    try (ChatPage ann = ChatPage.open(browser, "127.0.0.1", port, "lobby", "Ann");
        ChatPage bob = ChatPage.open(browser, "localhost", port, "lobby", "Zoë B.")) {
      ann.say("Hello");
      bob.awaitSaid("Ann Hello");
      bob.say("Hi");
      ann.awaitSaid("Ann Hello", "Zoë B. Hi");
    }
  }

  @Test
  void whoIsNotSignedInGetsNoToken() throws Exception {
    HttpResponse<String> answer = post("/token", "");
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).doesNotContain("\"token\"");
    assertThat(post("/token", "", "Cookie", "session=made-up").statusCode()).isEqualTo(401);
  }

  @Test
  void aNameThatIsNoneIsRefused() throws Exception {
    for (String body :
        new String[] {"", "{", "{}", "{\"name\":\"  \"}", "{\"name\":\"<b>\"}", "[]"}) {
      assertThat(post("/sign-in", body).statusCode()).as(body).isEqualTo(400);
    }
    assertThat(post("/sign-in", "{\"name\":\"" + "x".repeat(33) + "\"}").statusCode())
        .isEqualTo(400);
  }

  @Test
  void aTokenIsForTheNameThatIsSignedInAndForTheChatAlone() throws Exception {
    String cookie =
        post("/sign-in", "{\"name\":\"Ann\"}").headers().firstValue("set-cookie").orElseThrow();
    assertThat(cookie).contains("HttpOnly", "SameSite=Strict");
    String answer = post("/token", "", "Cookie", cookie.replaceFirst(";.*", "")).body();
    String token = answer.replaceAll("\\{\"token\":\"|\"}", "");
    assertThat(node.rest(token).publish("chat:kitchen", "1").text("data", "clientId"))
        .isEqualTo("Ann");
    assertThat(node.rest(token).publish("orders", "1").status()).isEqualTo(403);
  }

  @Test
  void itShowsNothingButItsPage() throws Exception {
    for (String path :
        new String[] {"/server.js", "/package.json", "/README.md", "/..%2fREADME.md"}) {
      assertThat(get(path).statusCode()).as(path).isEqualTo(404);
    }
    for (String path : new String[] {"/", "/chat.js", "/chat.css", "/config"}) {
      assertThat(get(path).body()).doesNotContain("sec_");
    }
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return CLIENT.send(HttpRequest.newBuilder(at(path)).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(at(path)).POST(BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  private URI at(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }
}
