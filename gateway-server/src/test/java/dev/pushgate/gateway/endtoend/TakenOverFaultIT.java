package dev.pushgate.gateway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.session.SocketClient;
import dev.pushgate.gateway.testing.NoLeaks;
import dev.pushgate.gateway.testing.TestDatabase;
import dev.pushgate.gateway.testing.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Another node has taken the database over.
@ExtendWith(NoLeaks.class)
@Timeout(180)
class TakenOverFaultIT {
  private final TestDatabase database = TestPostgres.freshDatabase();

  @Test
  void theNodeSaysSoSendsItsSessionsAwayAndEndsAsFailed() throws SQLException {
    try (NodeProcess node = NodeProcess.start(environment());
        SocketClient member = node.connect()) {
      member.subscribe("undeclared");

      takeOver();

      assertThat(member.nextWith("close")).startsWith("close 4200 ");
      member.close(); // as browsers do
      assertThat(node.exitCode()).as(node.errors()).isEqualTo(1);
      assertThat(node.errors().lines().filter(line -> line.contains(" ERROR ")))
          .singleElement()
          .asString()
          .contains("Another Pushgate node has taken this database over");
      assertThat(node.errors()).doesNotContain("Exception", "\tat ");
    }
  }

  @Test
  void theNodeIsNotReadyAnyMore() throws SQLException {
    try (NodeInProcess node = NodeInProcess.start(environment())) {
      assertThat(node.management().get("/health/ready").status()).isEqualTo(200);

      takeOver();

      Awaitility.await().until(() -> node.management().get("/health/ready").status() == 503);
      assertThat(node.management().get("/health/ready").text("checks", "store-owner"))
          .isEqualTo("down");
    }
  }

  private void takeOver() throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(database.url(), database.user(), database.password());
        var statement = connection.createStatement()) {
      statement.execute("UPDATE node_owner SET generation = generation + 1");
    }
  }

  private Map<String, String> environment() {
    Map<String, String> environment =
        Node.environment("PUSHGATE_STORE_URL", database.url(), "PUSHGATE_SHARDS", "1");
    if (database.user() != null) {
      environment.put("PUSHGATE_STORE_USER", database.user());
    }
    if (database.password() != null) {
      environment.put("PUSHGATE_STORE_PASSWORD", database.password());
    }
    return environment;
  }
}
