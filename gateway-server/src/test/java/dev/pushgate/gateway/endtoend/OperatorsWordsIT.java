package dev.pushgate.gateway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import dev.pushgate.gateway.app.StartFailedException;
import dev.pushgate.gateway.testing.LogLines;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What an operator reads is the database's words, and names no class of ours.
@Timeout(120)
class OperatorsWordsIT {
  @TempDir Path directory;

  private Map<String, String> environment() {
    return Node.environment("PUSHGATE_DATA_DIR", directory.toString());
  }

  private void rename(String table) throws SQLException {
    String url = "jdbc:sqlite:" + directory.resolve("pushgate.db");
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 10000");
      statement.execute("ALTER TABLE " + table + " RENAME TO gone");
    }
  }

  @Test
  void aStartThatTheDatabaseRefusesSaysWhy() throws SQLException {
    NodeInProcess.start(environment()).close();
    rename("revisions");

    Throwable refusal = catchThrowable(() -> NodeInProcess.start(environment()).close());

    assertThat(refusal)
        .cause()
        .isInstanceOf(StartFailedException.class)
        .message()
        .startsWith("The database stopped answering: ")
        .contains("no such table: revisions")
        .doesNotContain("Exception:");
  }

  @Test
  void whatIsDoneNowAndThenSaysWhyItFails() throws SQLException {
    try (LogLines log = new LogLines("dev.pushgate.gateway.app.Chore", Level.INFO);
        NodeInProcess _ = NodeInProcess.start(environment())) {
      rename("revisions");
      Awaitility.await().until(() -> !log.with("no such table: revisions").isEmpty());

      assertThat(log.with("no such table: revisions"))
          .first()
          .asString()
          .startsWith("WARN Looking for changed keys failed: ")
          .doesNotContain("Exception:");
    }
  }
}
