package dev.pushgate.gateway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.endtoend.Rest.Reply;
import dev.pushgate.gateway.session.SocketClient;
import dev.pushgate.gateway.testing.NoLeaks;
import dev.pushgate.gateway.testing.PostgresProcess;
import dev.pushgate.gateway.testing.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The database is taken away from the node and given back.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(NoLeaks.class)
@Timeout(180)
class StoreAwayFaultIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  enum Fault {
    KILLED {
      @Override
      void begin(PostgresProcess postgres) {
        postgres.kill();
      }

      @Override
      void end(PostgresProcess postgres) {
        postgres.launch();
      }
    },
    HANGING {
      @Override
      void begin(PostgresProcess postgres) {
        postgres.pause();
      }

      @Override
      void end(PostgresProcess postgres) {
        postgres.resume();
      }
    };

    abstract void begin(PostgresProcess postgres);

    abstract void end(PostgresProcess postgres);
  }

  private PostgresProcess postgres;

  @BeforeAll
  void startPostgres() {
    postgres = PostgresProcess.start();
  }

  @AfterAll
  void stopPostgres() {
    postgres.close();
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void archivedChannelsAreRefusedWhileItIsAwayAndGoOnWithoutAGapWhenItIsBack(Fault fault) {
    try (NodeInProcess node = NodeInProcess.start(environment());
        SocketClient member = node.connect()) {
      Rest rest = node.rest();
      rest.declare("orders");
      String epoch = JsonTree.text(member.subscribe("orders"), "epoch");
      rest.publish("orders", "1");
      assertThat(member.next()).contains("\"offset\":1");

      fault.begin(postgres);
      try {
        awaitRefusals(rest);
        whatIsInMemoryGoesOn(node, epoch);
        nobodyHearsARefusedMessage(rest, member);
      } finally {
        fault.end(postgres);
      }

      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> node.management().get("/health/ready").text("status").equals("up"));
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> rest.publish("orders", "\"back\"").status() == 201);
      theMemberHasWhatIsInTheHistory(rest, member);
    }
  }

  @Test
  void publishesThatWereOnTheirWayAreThereOnceOrNotAtAll() {
    try (NodeInProcess node = NodeInProcess.start(environment());
        SocketClient member = node.connect()) {
      Rest rest = node.rest();
      rest.declare("orders");
      member.subscribe("orders");
      List<CompletableFuture<Reply>> sent = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        sent.add(rest.publishLater("orders", "\"" + i + "\"", "Idempotency-Key", "k" + i));
      }
      CompletableFuture.anyOf(sent.toArray(CompletableFuture<?>[]::new)).join();
      postgres.kill();
      List<Reply> replies = sent.stream().map(CompletableFuture::join).toList();
      postgres.launch();

      assertThat(replies).allMatch(reply -> reply.status() == 201 || isStoreUnavailable(reply));
      for (int i = 0; i < replies.size(); i++) {
        String n = Integer.toString(i);
        Awaitility.await()
            .atMost(PATIENCE)
            .pollDelay(Duration.ZERO)
            .until(
                () ->
                    rest.publish("orders", "\"" + n + "\"", "Idempotency-Key", "k" + n).status()
                        == 201);
        if (replies.get(i).status() == 201) {
          assertThat(rest.publish("orders", "\"" + n + "\"", "Idempotency-Key", "k" + n).body())
              .isEqualTo(replies.get(i).body());
        }
      }
      assertThat(rest.get("/api/v1/channels/orders").number("data", "messageCount")).isEqualTo(100);
      theMemberHasWhatIsInTheHistory(rest, member);
    }
  }

  @Test
  void aNodeStopsWithinItsLimitAlthoughItsDatabaseHangs() {
    Map<String, String> environment = environment();
    environment.put("PUSHGATE_SHUTDOWN_LIMIT", "3s");
    environment.put("PUSHGATE_STORE_TIMEOUT", "1m");
    try (NodeProcess node = NodeProcess.start(environment);
        SocketClient member = node.connect()) {
      node.rest().declare("orders");
      node.rest().publish("orders", "1");
      member.subscribe("orders");
      postgres.pause();
      try {
        node.terminate();
        assertThat(member.nextWith("close")).startsWith("close 4200");
        assertThat(node.exitCode()).isEqualTo(1);
        assertThat(node.errors()).contains("longer than pushgate.shutdown.limit");
      } finally {
        postgres.resume();
      }
    }
  }

  @Test
  void aNodeWhoseDatabaseIsAwayStopsInOrder() {
    try (NodeProcess node = NodeProcess.start(environment())) {
      node.rest().publish("undeclared", "1");
      postgres.kill();
      try {
        node.terminate();
        assertThat(node.exitCode()).as(node.errors()).isZero();
        assertThat(node.errors()).doesNotContain(" ERROR ", "\tat ");
      } finally {
        postgres.launch();
      }
    }
  }

  private static void awaitRefusals(Rest rest) {
    // The first may have been on its way when the database went.
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> isStoreUnavailable(rest.publish("orders", "0")));
    Reply refused = rest.publish("orders", "0");
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.header("Retry-After")).isNotEmpty();
    assertThat(refused.text("code")).isEqualTo("STORE_UNAVAILABLE");
  }

  private static void whatIsInMemoryGoesOn(NodeInProcess node, String epoch) {
    Reply ready = node.management().get("/health/ready");
    assertThat(ready.status()).isEqualTo(200);
    assertThat(ready.text("status")).isEqualTo("degraded");
    try (SocketClient late = node.connect()) {
      late.subscribe("undeclared");
      assertThat(node.rest().publish("undeclared", "1").status()).isEqualTo(201);
      assertThat(late.next()).contains("\"undeclared\"");
      late.text(
          "{\"type\":\"subscribe\",\"channel\":\"orders\",\"since\":{\"epoch\":\"%s\",\"offset\":0}}"
              .formatted(epoch));
      assertThat(late.next()).contains("\"recovered\":true").contains("\"offset\":1");
      assertThat(late.next()).contains("\"data\":1");
    }
    assertThat(node.rest().get("/api/v1/channels/orders/messages").status()).isEqualTo(503);
    assertThat(node.rest().declare("another").status()).isEqualTo(503);
  }

  private static void nobodyHearsARefusedMessage(Rest rest, SocketClient member) {
    for (int i = 0; i < 5; i++) {
      assertThat(isStoreUnavailable(rest.publish("orders", "\"refused\""))).isTrue();
    }
    member.text("{\"type\":\"ping\"}");
    assertThat(member.next()).isEqualTo("{\"type\":\"pong\"}");
  }

  private static void theMemberHasWhatIsInTheHistory(Rest rest, SocketClient member) {
    Reply history = rest.get("/api/v1/channels/orders/messages?pageSize=100");
    List<?> items = history.list("data", "items");
    assertThat(history.body()).doesNotContain("refused");
    long head = history.number("data", "items", 0, "offset");
    assertThat(items).hasSize((int) head);
    String last = member.nextWith("\"message\"");
    for (long offset = JsonTree.number(last, "offset"); offset <= head; offset++) {
      assertThat(JsonTree.number(last, "offset")).isEqualTo(offset);
      Object stored = items.get((int) (head - offset));
      assertThat(JsonTree.at(stored, "id")).isEqualTo(JsonTree.text(last, "messageId"));
      last = offset == head ? last : member.next();
    }
    member.text("{\"type\":\"ping\"}");
    assertThat(member.next()).isEqualTo("{\"type\":\"pong\"}");
  }

  private static boolean isStoreUnavailable(Reply reply) {
    return reply.status() == 503 && reply.text("code").equals("STORE_UNAVAILABLE");
  }

  private Map<String, String> environment() {
    TestDatabase database = postgres.freshDatabase();
    Map<String, String> environment =
        Node.environment("PUSHGATE_STORE_URL", database.url(), "PUSHGATE_STORE_TIMEOUT", "2s");
    if (database.user() != null) {
      environment.put("PUSHGATE_STORE_USER", database.user());
    }
    return environment;
  }
}
