package dev.pushgate.gateway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.session.SocketClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The node begins in order or says in one line why not, and ends in order.
@Timeout(180)
class StartStopIT {
  private static final int SESSIONS = 20;
  private static final Pattern CONNECTIONS = Pattern.compile("(?m)^pushgate_connections (\\d+)");

  @TempDir Path directory;

  @Test
  void aNodeToldToStopAnswersWhatIsInFlightSendsItsSessionsAwayOneByOneAndEndsWithZero() {
    List<SocketClient> clients = new ArrayList<>();
    try (NodeProcess node = NodeProcess.start(environment("PUSHGATE_SHUTDOWN_DRAIN", "10s"));
        SocketClient publisher = new SocketClient(node.port())) {
      for (int i = 0; i < SESSIONS; i++) {
        clients.add(node.connect());
      }
      String body = "{\"channel\":\"c\",\"data\":\"in flight\"}";
      publisher.send(bytes(headOf(body) + body.substring(0, 10)));
      Awaitility.await().until(() -> connections(node) == SESSIONS);

      node.terminate();

      Awaitility.await().until(() -> node.management().get("/health/ready").status() == 503);
      assertThat(node.management().get("/health/live").status()).isEqualTo(200);
      Awaitility.await().until(() -> isBetween(1, connections(node), SESSIONS - 1));
      assertThat(publisher.request(body.substring(10)))
          .startsWith("http/1.1 201")
          .contains("connection: close");
      for (SocketClient client : clients) {
        assertThat(client.nextWith("close")).startsWith("close 4200 ");
        client.close(); // as browsers do
      }
      assertThat(node.exitCode()).as(node.errors()).isZero();
      assertThat(node.errors()).doesNotContain("ERROR").doesNotContain("Exception");
      assertThat(node.errors()).contains("Serving on 127.0.0.1:" + node.port());
      assertThat(node.errors()).containsSubsequence("Stopping: ", " over 10000 ms", "Stopped\n");
      assertThat(node.output()).doesNotContain(Node.SECRET_KEY, Node.MANAGEMENT_KEY);
    } finally {
      clients.forEach(SocketClient::close);
    }
  }

  @Test
  void sessionsThatDoNotGoDoNotKeepTheNodeFromEnding() {
    try (NodeProcess node = NodeProcess.start(stoppingWithin("6s"));
        SocketClient deaf = node.connect();
        SocketClient half = new SocketClient(node.port())) {
      half.send(bytes("POST /api/v1/publish HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"));
      node.terminate();
      assertThat(deaf.nextWith("close")).startsWith("close 4200");
      assertThat(node.exitCode()).as(node.errors()).isZero();
    }
  }

  @Test
  void theFirstStartShowsItsKeysAndTheNextOneDoesNot() {
    Map<String, String> environment = environment();
    environment.keySet().removeIf(name -> name.startsWith("PUSHGATE_BOOTSTRAP"));
    String secret;
    try (NodeProcess node = NodeProcess.start(environment)) {
      Awaitility.await().until(() -> node.output().contains("curl"));
      Matcher key = Pattern.compile("secret key +(sec_\\S{43})\n").matcher(node.output());
      assertThat(key.find()).as(node.output()).isTrue();
      secret = key.group(1);
      assertThat(node.output())
          .containsPattern("publish key +pub_")
          .containsPattern(" mgmt_\\S{43}");
      assertThat(node.rest(secret).publish("demo", "1").status()).isEqualTo(201);
      assertThat(node.errors()).doesNotContain(secret);
      node.terminate();
      assertThat(node.exitCode()).isZero();
    }
    try (NodeProcess node = NodeProcess.start(environment)) {
      assertThat(node.rest(secret).publish("demo", "1").status()).isEqualTo(201);
      assertThat(node.output()).doesNotContain("sec_", "mgmt_", "pub_");
    }
  }

  @Test
  void aPortInUseIsNamed() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(other.getLocalPort());
      assertThat(refusalOf(environment("PUSHGATE_HTTP_PORT", port))).contains(port, "in use");
      assertThat(refusalOf(environment("PUSHGATE_MANAGEMENT_PORT", port))).contains(port, "in use");
    }
  }

  @Test
  void aDatabaseThatAnotherNodeOwnsIsRefused() {
    try (NodeInProcess first = NodeInProcess.start(environment())) {
      assertThat(refusalOf(environment())).contains("Another Pushgate node owns this database");
      assertThat(first.rest().publish("c", "1").status()).isEqualTo(201);
    }
  }

  @Test
  void aNewerDatabaseIsRefused() throws SQLException {
    NodeInProcess.start(environment()).close();
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("pushgate.db"));
        Statement statement = connection.createStatement()) {
      statement.execute(
          "INSERT INTO pushgate_schema_history SELECT 999, '999', 'future', type,"
              + " 'V999__future.sql', checksum, installed_by, installed_on, 1, success"
              + " FROM pushgate_schema_history WHERE installed_rank = 1");
    }
    assertThat(refusalOf(environment())).contains("made by a newer Pushgate");
  }

  @Test
  void aDatabaseThatIsNotThereIsNamed() {
    assertThat(
            refusalOf(
                environment(
                    "PUSHGATE_STORE_URL",
                    "jdbc:postgresql://127.0.0.1:1/gateway",
                    "PUSHGATE_STORE_WAIT_AT_START",
                    "0s")))
        .contains("127.0.0.1:1", "cannot be reached");
  }

  @Test
  void everyWrongSettingHasItsLine() {
    NodeProcess node =
        NodeProcess.launch(
            environment("PUSHGATE_STORE_URL", "mysql://x", "PUSHGATE_SHUTDOWN_LIMIT", "1s"));
    try (node) {
      assertThat(node.exitCode()).isPositive();
      assertThat(node.errors())
          .contains("PUSHGATE_STORE_URL (environment) is not a database's URL")
          .doesNotContain("\tat");
    }
    assertThat(refusalOf(environment("PUSHGATE_HTTP_PROT", "1")))
        .contains("PUSHGATE_HTTP_PROT", "did you mean PUSHGATE_HTTP_PORT?");
  }

  /// The one line that a node says which does not start.
  private static String refusalOf(Map<String, String> environment) {
    try (NodeProcess node = NodeProcess.launch(environment)) {
      assertThat(node.exitCode()).as(node.errors()).isPositive();
      assertThat(node.output()).isEmpty();
      List<String> lines = node.errors().lines().filter(line -> !line.contains(" INFO ")).toList();
      assertThat(lines).hasSize(1);
      assertThat(lines.getFirst()).startsWith("pushgate: ").doesNotContain("Exception");
      return lines.getFirst();
    }
  }

  private static long connections(Node node) {
    Matcher found = CONNECTIONS.matcher(node.management().get("/metrics").body());
    assertThat(found.find()).isTrue();
    return Long.parseLong(found.group(1));
  }

  private static boolean isBetween(long least, long value, long most) {
    return least <= value && value <= most;
  }

  private static String headOf(String body) {
    return "POST /api/v1/publish HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n"
            .formatted(Node.SECRET_KEY)
        + "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n".formatted(body.length());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private Map<String, String> stoppingWithin(String limit) {
    return environment("PUSHGATE_SHUTDOWN_DRAIN", "0s", "PUSHGATE_SHUTDOWN_LIMIT", limit);
  }

  private Map<String, String> environment(String... more) {
    Map<String, String> environment = Node.environment("PUSHGATE_DATA_DIR", directory.toString());
    for (int i = 0; i < more.length; i += 2) {
      environment.put(more[i], more[i + 1]);
    }
    return environment;
  }
}
