package dev.pushgate.gateway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.endtoend.Rest.Reply;
import dev.pushgate.gateway.session.SocketClient;
import dev.pushgate.gateway.testing.TestPostgres;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The node is killed right behind an answer, and while others are on their way: what it has
/// answered holds.
@Timeout(300)
class CrashFaultIT {
  private static final String CHANNEL = "orders";
  private static final int ROUNDS = 3;
  private static final int AT_ONCE = 100;

  enum Database {
    SQLITE,
    POSTGRES
  }

  @TempDir Path directory;

  /// Idempotency key → the body of the 201.
  private final Map<String, String> acknowledged = new LinkedHashMap<>();

  @ParameterizedTest
  @EnumSource(Database.class)
  void whatWasAcknowledgedIsThereOnceAndInOrderAfterEveryCrash(Database database) {
    Map<String, String> environment = environment(database);
    NodeProcess node = NodeProcess.start(environment);
    try {
      assertThat(node.rest().declare(CHANNEL).status()).isEqualTo(201);
      for (int round = 0; round < ROUNDS; round++) {
        publishOneByOne(node, round);
        if (round > 0) {
          publishManyAtOnceAndKill(node, round);
        } else {
          node.kill(); // right behind an answer, with nothing on its way
        }
        node = NodeProcess.start(environment);
        everythingAcknowledgedIsInTheHistoryOnceAndInOrder(node);
        aResumeReachesAcrossTheCrash(node);
        aRepeatedKeyHasItsFirstAnswer(node);
      }
    } finally {
      node.close();
    }
  }

  private void publishOneByOne(NodeProcess node, int round) {
    for (int i = 0; i < 5; i++) {
      String key = "one-" + round + "-" + i;
      Reply reply = node.rest().publish(CHANNEL, "\"" + key + "\"", "Idempotency-Key", key);
      assertThat(reply.status()).isEqualTo(201);
      acknowledged.put(key, reply.body());
    }
  }

  private void publishManyAtOnceAndKill(NodeProcess node, int round) {
    Map<String, CompletableFuture<Reply>> sent = new LinkedHashMap<>();
    for (int i = 0; i < AT_ONCE; i++) {
      String key = "many-" + round + "-" + i;
      sent.put(key, node.rest().publishLater(CHANNEL, "\"" + key + "\"", "Idempotency-Key", key));
    }
    CompletableFuture.anyOf(sent.values().toArray(CompletableFuture<?>[]::new)).join();
    node.kill();
    sent.forEach(
        (key, reply) -> {
          try {
            Reply answered = reply.join();
            if (answered.status() == 201) {
              acknowledged.put(key, answered.body());
            }
          } catch (CompletionException e) {
            // Nobody knows what became of this one: it may be there, once, or not.
          }
        });
  }

  private void everythingAcknowledgedIsInTheHistoryOnceAndInOrder(NodeProcess node) {
    List<Object> history = node.rest().history(CHANNEL);
    List<Long> offsets = new ArrayList<>();
    Map<String, Object> byContent = new LinkedHashMap<>();
    for (Object message : history) {
      offsets.add((Long) JsonTree.at(message, "offset"));
      assertThat(byContent.put(String.valueOf(JsonTree.at(message, "content")), message)).isNull();
    }
    for (int i = 0; i < offsets.size(); i++) {
      assertThat(offsets.get(i)).isEqualTo(offsets.size() - i);
    }
    acknowledged.forEach(
        (key, body) -> {
          Object answer = JsonTree.at(JsonTree.parse(body), "data");
          assertThat(byContent).containsKey(key);
          for (String field : List.of("id", "epoch", "offset", "createdAt")) {
            assertThat(JsonTree.at(byContent.get(key), field))
                .isEqualTo(JsonTree.at(answer, field));
          }
        });
  }

  private void aResumeReachesAcrossTheCrash(NodeProcess node) {
    Object first = JsonTree.at(JsonTree.parse(acknowledged.values().iterator().next()), "data");
    try (SocketClient client = node.connect()) {
      client.text(
          "{\"type\":\"subscribe\",\"channel\":\"%s\",\"since\":{\"epoch\":\"%s\",\"offset\":1}}"
              .formatted(CHANNEL, JsonTree.at(first, "epoch")));
      String subscribed = client.next();
      assertThat(subscribed).contains("\"recovered\":true");
      long head = JsonTree.number(subscribed, "offset");
      for (long offset = 2; offset <= head; offset++) {
        assertThat(JsonTree.number(client.next(), "offset")).isEqualTo(offset);
      }
      Reply next = node.rest().publish(CHANNEL, "\"next-" + head + "\"");
      assertThat(next.number("data", "offset")).isEqualTo(head + 1);
      assertThat(next.text("data", "epoch")).isEqualTo(JsonTree.at(first, "epoch"));
      assertThat(client.next()).contains("\"offset\":" + (head + 1));
    }
  }

  private void aRepeatedKeyHasItsFirstAnswer(NodeProcess node) {
    acknowledged.forEach(
        (key, body) -> {
          Reply again = node.rest().publish(CHANNEL, "\"" + key + "\"", "Idempotency-Key", key);
          assertThat(again.status()).isEqualTo(201);
          assertThat(again.body()).isEqualTo(body);
        });
  }

  private Map<String, String> environment(Database database) {
    return switch (database) {
      case SQLITE -> Node.environment("PUSHGATE_DATA_DIR", directory.toString());
      case POSTGRES -> Node.environmentOn(TestPostgres.freshDatabase());
    };
  }
}
