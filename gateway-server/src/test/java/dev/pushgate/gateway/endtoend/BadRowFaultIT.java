package dev.pushgate.gateway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.endtoend.Rest.Reply;
import dev.pushgate.gateway.session.SocketClient;
import dev.pushgate.gateway.testing.NoLeaks;
import dev.pushgate.gateway.testing.TestDatabase;
import dev.pushgate.gateway.testing.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The database refuses some messages for what they are.
@ExtendWith(NoLeaks.class)
@Timeout(180)
class BadRowFaultIT {
  private static final int STORED = 201;
  private static final int UNSTORABLE = 422;
  private static final int PUBLISHES = 300;
  private static final List<String> CHANNELS = List.of("one", "two", "three");

  @TempDir Path directory;

  @Test
  void badMessagesAreRefusedAloneOnSqlite() throws SQLException {
    Path data = directory.resolve("data");
    try (NodeInProcess node =
        NodeInProcess.start(Node.environment("PUSHGATE_DATA_DIR", data.toString()))) {
      refuseBad(
          new TestDatabase("jdbc:sqlite:" + data.resolve("pushgate.db"), null, null),
          "CREATE TRIGGER no_bad BEFORE INSERT ON messages WHEN NEW.data = CAST('\"bad\"' AS BLOB)"
              + " BEGIN SELECT RAISE(ABORT, 'this is bad'); END");
      badMessagesAreRefusedAlone(node, UNSTORABLE);
    }
  }

  @Test
  void badMessagesAreRefusedAloneOnPostgres() throws SQLException {
    TestDatabase database = TestPostgres.freshDatabase();
    try (NodeInProcess node = NodeInProcess.start(Node.environmentOn(database))) {
      refuseBad(
          database, "ALTER TABLE messages ADD CONSTRAINT no_bad CHECK (data <> '\"bad\"'::bytea)");
      badMessagesAreRefusedAlone(node, UNSTORABLE);
    }
  }

  /// A trigger may choose any state for what it says: one that nobody has heard of, or one that
  /// means the whole server where PostgreSQL says it.
  @ParameterizedTest
  @CsvSource({
    "ZZ001, 422",
    "42501, 503",
    "0A000, 503",
    "XX000, 503",
    "53200, 503",
    "08006, 503",
    "25006, 503"
  })
  void messagesThatATriggerRefusesInItsOwnWayAreRefusedAlone(String state, int status)
      throws SQLException {
    TestDatabase database = TestPostgres.freshDatabase();
    try (NodeInProcess node = NodeInProcess.start(Node.environmentOn(database))) {
      refuseBad(
          database,
          """
          CREATE FUNCTION no_bad() RETURNS trigger LANGUAGE plpgsql AS $$
          BEGIN RAISE EXCEPTION 'this is bad' USING ERRCODE = '%s'; END $$;
          CREATE TRIGGER no_bad BEFORE INSERT ON messages FOR EACH ROW
          WHEN (NEW.data = '"bad"'::bytea) EXECUTE FUNCTION no_bad()"""
              .formatted(state));
      badMessagesAreRefusedAlone(node, status);
    }
  }

  private static void refuseBad(TestDatabase database, String rule) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(database.url(), database.user(), database.password());
        Statement statement = connection.createStatement()) {
      statement.execute(rule);
    }
  }

  private static void badMessagesAreRefusedAlone(NodeInProcess node, int status) {
    Rest rest = node.rest();
    CHANNELS.forEach(rest::declare);
    try (SocketClient member = node.connect()) {
      member.subscribe("one");
      Map<Integer, CompletableFuture<Reply>> sent = new HashMap<>();
      for (int i = 0; i < PUBLISHES; i++) {
        String data = isBad(i) ? "\"bad\"" : Integer.toString(i);
        String channel = CHANNELS.get(i % CHANNELS.size());
        sent.put(i, rest.publishLater(channel, data, "Idempotency-Key", "k" + i));
      }
      sent.forEach((i, reply) -> check(isBad(i) ? status : STORED, reply.join()));
      for (String channel : CHANNELS) {
        assertThat(rest.history(channel)).hasSize(90);
      }
      List<Long> heard = new ArrayList<>();
      for (long offset = 1; offset <= 90; offset++) {
        heard.add(JsonTree.number(member.nextWith("\"message\""), "offset"));
        assertThat(heard.getLast()).isEqualTo(offset);
      }
      // No less when it is tried again.
      check(status, rest.publish("one", "\"bad\"", "Idempotency-Key", "k5"));
      check(STORED, rest.publish("one", "\"good\""));
      assertThat(node.management().get("/health/ready").text("checks", "store")).isEqualTo("up");
    }
  }

  /// Ten of each channel's hundred.
  private static boolean isBad(int publish) {
    return publish / CHANNELS.size() % 10 == 5;
  }

  private static void check(int status, Reply reply) {
    assertThat(reply.status()).as(reply.body()).isEqualTo(status);
    if (status == UNSTORABLE) {
      assertThat(reply.text("code")).isEqualTo("VALIDATION_ERROR");
      assertThat(reply.body()).contains("The database does not take this message");
    } else if (status != STORED) {
      assertThat(reply.text("code")).isEqualTo("STORE_UNAVAILABLE");
      assertThat(reply.body()).contains("The message was not stored");
    }
  }
}
