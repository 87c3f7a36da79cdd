package dev.pushgate.gateway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.gateway.endtoend.RelayFaults.Fault;
import dev.pushgate.gateway.endtoend.Rest.Reply;
import dev.pushgate.gateway.session.SocketClient;
import dev.pushgate.gateway.testing.NoLeaks;
import dev.pushgate.gateway.testing.RedisProcess;
import dev.pushgate.gateway.testing.TcpProxy;
import dev.pushgate.gateway.testing.TestPostgres;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Redis stands still, or node `a` alone cannot reach it: `a` has it behind a proxy, `b` has not.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(NoLeaks.class)
@Timeout(120)
class RelayCutFaultIT {
  private static final int EACH = 400;

  /// What a channel's recent log holds: all that the loads send to one, and some.
  private static final int LOG = 2 * EACH + 50;

  private static final Duration TIMEOUT = Duration.ofSeconds(3);
  private static final Duration ANSWERED_WITHIN = TIMEOUT.plusSeconds(2);

  /// A canary must be missing for 10 s, and the board is read every 2 s.
  private static final Duration NOTICED = Duration.ofSeconds(30);

  /// The database is asked each second; a busy machine may add to that.
  private static final Duration REVOKED_WITHIN = Duration.ofSeconds(5);
  private static final int BATCH = 50;

  private final RedisProcess redis = RedisProcess.start();
  private final TcpProxy proxy = new TcpProxy(redis.port());
  private final Cluster cluster =
      new Cluster(
          redis,
          TestPostgres.freshDatabase(),
          "PUSHGATE_RELAY_TIMEOUT",
          TIMEOUT.toMillis() + "ms",
          "PUSHGATE_RECENT_LOG_MESSAGES",
          Integer.toString(LOG));
  private final RelayFaults faults = new RelayFaults(redis, proxy, TIMEOUT);
  private NodeInProcess a;
  private NodeInProcess b;

  @BeforeAll
  void start() {
    a = cluster.startInProcess("PUSHGATE_RELAY_URLS", "redis://127.0.0.1:" + proxy.port());
    b = cluster.startInProcess();
  }

  @AfterEach
  void mend() {
    faults.end();
    for (Node node : List.of(a, b)) {
      await()
          .atMost(NOTICED)
          .until(() -> node.rest().publish("mended", "1").status() == 201 && isUp(node));
    }
  }

  @AfterAll
  void stop() throws Exception {
    cluster.close();
    proxy.close();
    redis.close();
  }

  @ParameterizedTest
  @EnumSource(names = "LATE", mode = EnumSource.Mode.EXCLUDE)
  void underLoadNothingIsLostNorTwiceAndTheOrderIsOne(Fault fault) {
    String channel = "under-load-" + fault;
    try (SocketClient atA = a.connect();
        SocketClient atB = b.connect()) {
      atA.subscribe(channel);
      atB.subscribe(channel);
      RetriedLoad load = RetriedLoad.start(channel, EACH, ANSWERED_WITHIN, List.of(a, b));
      await().until(() -> load.done() > EACH / 4);
      faults.begin(fault);
      if (fault == Fault.SLOW) {
        int before = load.done();
        await().until(() -> load.done() > before + EACH / 8);
      } else {
        await().atMost(NOTICED).until(() -> load.refused() > 8);
      }
      faults.end();

      Map<Long, String> published = load.end();
      assertThat(received(atA)).isEqualTo(published);
      assertThat(received(atB)).isEqualTo(published);
    }
  }

  @Test
  void aKeyThatIsRevokedWhileNobodyCanBeToldStopsWorkingAllTheSame() {
    Rest management = b.rest(Node.MANAGEMENT_KEY);
    Reply made = management.post("/api/v1/keys", "{\"kind\":\"secret\",\"label\":\"l\"}");
    String key = made.text("data", "key");
    await().until(() -> a.rest(key).publish("keys", "1").status() == 201);
    try (SocketClient client = a.connect(key)) {
      faults.begin(Fault.CUT);
      management.delete("/api/v1/keys/" + made.text("data", "id"));
      long revoked = System.nanoTime();
      assertThat(client.nextWith("close")).startsWith("close 4010");
      assertThat(Duration.ofNanos(System.nanoTime() - revoked)).isLessThan(REVOKED_WITHIN);
      assertThat(a.rest(key).publish("keys", "2").status()).isEqualTo(401);
    }
  }

  @Test
  void whatWasPublishedMeanwhileIsRepairedWithoutAnotherMessage() {
    try (SocketClient client = a.connect()) {
      client.subscribe("meanwhile");
      faults.begin(Fault.CUT);
      for (int i = 1; i <= 3; i++) {
        assertThat(b.rest().publish("meanwhile", "" + i).status()).isEqualTo(201);
      }
      faults.end();
      for (int i = 1; i <= 3; i++) {
        assertThat(client.next()).contains("\"message\"", "\"data\":" + i, "\"offset\":" + i);
      }
    }
  }

  @Test
  void whatIsInTheRelayNoMoreIsToldAsAGap() {
    try (SocketClient client = a.connect()) {
      client.subscribe("gap");
      String epoch = b.rest().publish("gap", "1").text("data", "epoch");
      assertThat(client.nextButPings()).contains("\"message\"", "\"offset\":1}");
      faults.begin(Fault.CUT);
      int head = 1 + publishBatches("gap", LOG);
      faults.end();

      assertThat(client.nextButPings())
          .isEqualTo(
              "{\"type\":\"gap\",\"channel\":\"gap\",\"epoch\":\"%s\",\"from\":2,\"to\":%d}"
                  .formatted(epoch, head - LOG));
      for (int offset = head - LOG + 1; offset <= head; offset++) {
        assertThat(client.nextButPings())
            .contains("\"data\":" + offset, "\"offset\":" + offset + "}");
      }
      b.rest().publish("gap", "\"after\"");
      assertThat(client.nextButPings()).contains("\"after\"", "\"offset\":" + (head + 1) + "}");
    }
  }

  /// More messages than this, each of which says its offset, behind one that is there already.
  ///
  /// @return how many
  private int publishBatches(String channel, int moreThan) {
    int sent = 0;
    while (sent <= moreThan) {
      String batch =
          IntStream.rangeClosed(sent + 2, sent + BATCH + 1)
              .mapToObj(i -> "{\"channel\":\"" + channel + "\",\"data\":" + i + "}")
              .collect(Collectors.joining(",", "{\"messages\":[", "]}"));
      Reply reply = b.rest().post("/api/v1/publish/batch", batch);
      assertThat(reply.number("data", "accepted")).isEqualTo(BATCH);
      sent += BATCH;
    }
    return sent;
  }

  @Test
  void aPublishThatComesToRedisTooLateIsRefusedInTimeAndNotCarriedOut() {
    try (SocketClient client = b.connect()) {
      client.subscribe("late");
      assertThat(a.rest().publish("late", "1").status()).isEqualTo(201);
      faults.begin(Fault.LATE);
      long begun = System.nanoTime();
      Reply refused = a.rest().publish("late", "2");
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(ANSWERED_WITHIN);
      assertThat(refused.status()).as(refused.body()).isEqualTo(503);
      assertThat(refused.text("code")).isEqualTo("RELAY_UNAVAILABLE");
      assertThat(refused.text("error")).contains("unknown"); // it was sent
      faults.end();
      await().until(() -> proxy.onTheWay() == 0); // now Redis has it

      await().until(() -> a.rest().publish("late", "3").status() == 201);
      assertThat(client.nextButPings()).contains("\"data\":1", "\"offset\":1}");
      assertThat(client.nextButPings()).contains("\"data\":3", "\"offset\":2}");
    }
  }

  /// Every message of the load, in its place.
  private static Map<Long, String> received(SocketClient client) {
    Map<Long, String> received = new TreeMap<>();
    for (long offset = 1; offset <= 2 * EACH; offset++) {
      String frame = client.nextButPings();
      assertThat(frame).contains("\"type\":\"message\"", "\"offset\":" + offset + "}");
      Object message = JsonTree.parse(frame);
      received.put(offset, JsonTree.at(message, "messageId") + " " + JsonTree.at(message, "data"));
    }
    return received;
  }

  @Test
  void onlyTheNodeThatIsCutOffAloneIsNotReady() {
    faults.begin(Fault.CUT);
    await().atMost(NOTICED).until(() -> readiness(a).status() == 503);
    assertThat(readiness(a).text("status")).isEqualTo("down");
    assertThat(readiness(a).text("checks", "relay-127.0.0.1:" + proxy.port())).isEqualTo("down");
    assertThat(readiness(a).text("checks", "store")).isEqualTo("up");
    assertThat(isUp(b)).isTrue();

    faults.end();
    await().atMost(NOTICED).until(() -> isUp(a));
  }

  @Test
  void aNodeThatNeverReachedTheRelayOfTheOthersIsNotReadyFromTheBeginning() throws Exception {
    String nobody = "redis://127.0.0.1:1";
    try (NodeInProcess lost =
        NodeInProcess.start(cluster.environment("PUSHGATE_RELAY_URLS", nobody))) {
      assertThat(readiness(lost).status()).isEqualTo(503);
    }
  }

  @Test
  void aRedisThatIsGoneForAllLeavesAllReady() {
    faults.begin(Fault.REDIS_PAUSED);
    await()
        .atMost(NOTICED)
        .until(
            () -> {
              Reply ofA = readiness(a);
              Reply ofB = readiness(b);
              assertThat(List.of(ofA.status(), ofB.status())).containsOnly(200);
              return List.of(ofA.text("status"), ofB.text("status"))
                  .equals(List.of("degraded", "degraded"));
            });
    assertThat(readiness(b).text("checks", "relay-127.0.0.1:" + redis.port())).isEqualTo("down");

    faults.end();
    await().atMost(NOTICED).until(() -> isUp(a) && isUp(b));
  }

  private static Reply readiness(Node node) {
    return node.management().get("/health/ready");
  }

  private static boolean isUp(Node node) {
    Reply readiness = readiness(node);
    return readiness.status() == 200 && readiness.text("status").equals("up");
  }

  @Test
  void aPublishWhoseAnswerWasLostIsDeliveredOnceWhenItIsTriedAgain() {
    try (SocketClient client = b.connect()) {
      client.subscribe("lost-answer");
      assertThat(a.rest().publish("lost-answer", "0").status()).isEqualTo(201);
      client.nextWith("\"data\":0");
      faults.begin(Fault.MUTE);
      CompletableFuture<Reply> lost =
          a.rest().publishLater("lost-answer", "1", "Idempotency-Key", "k");
      String frame = client.nextWith("\"message\"");
      assertThat(lost.join().status()).isEqualTo(503);
      faults.end();

      await()
          .until(
              () -> a.rest().publish("lost-answer", "1", "Idempotency-Key", "k").status() == 201);
      Reply atA = a.rest().publish("lost-answer", "1", "Idempotency-Key", "k");
      Reply atB = b.rest().publish("lost-answer", "1", "Idempotency-Key", "k");
      assertThat(atA.text("data", "id")).isEqualTo(JsonTree.text(frame, "messageId"));
      assertThat(atB.body()).isEqualTo(atA.body());
      b.rest().publish("lost-answer", "2");
      assertThat(client.nextWith("\"message\"")).contains("\"data\":2", "\"offset\":3");
    }
  }
}
