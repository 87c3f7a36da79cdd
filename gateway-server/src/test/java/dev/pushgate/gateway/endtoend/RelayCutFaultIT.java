package dev.pushgate.gateway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import org.jspecify.annotations.Nullable;
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

  /// A canary must be missing for 10 s, and the board is read every 2 s.
  private static final Duration NOTICED = Duration.ofSeconds(30);

  private final RedisProcess redis = RedisProcess.start();
  private final TcpProxy proxy = new TcpProxy(redis.port());
  private final Cluster cluster = new Cluster(redis, TestPostgres.freshDatabase());
  private NodeInProcess a;
  private NodeInProcess b;
  private @Nullable Fault present;

  enum Fault {
    REDIS_PAUSED,
    CUT,
    FROZEN,
    MUTE,
    SLOW
  }

  @BeforeAll
  void start() {
    a = cluster.startInProcess("PUSHGATE_RELAY_URLS", "redis://127.0.0.1:" + proxy.port());
    b = cluster.startInProcess();
  }

  @AfterEach
  void mend() {
    if (present != null) {
      end(present);
    }
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
  @EnumSource(Fault.class)
  void underLoadNothingIsLostNorTwiceAndTheOrderIsOne(Fault fault) {
    String channel = "under-load-" + fault;
    try (SocketClient atA = a.connect();
        SocketClient atB = b.connect()) {
      atA.subscribe(channel);
      atB.subscribe(channel);
      RetriedLoad load = RetriedLoad.start(channel, EACH, List.of(a, b));
      await().until(() -> load.done() > EACH / 4);
      begin(fault);
      if (fault == Fault.SLOW) {
        int before = load.done();
        await().until(() -> load.done() > before + EACH / 8);
      } else {
        await().atMost(NOTICED).until(() -> load.refused() > 8);
      }
      end(fault);

      Map<Long, String> published = load.end();
      assertThat(received(atA)).isEqualTo(published);
      assertThat(received(atB)).isEqualTo(published);
    }
  }

  @Test
  void whatWasPublishedMeanwhileIsRepairedWithoutAnotherMessage() {
    try (SocketClient client = a.connect()) {
      client.subscribe("meanwhile");
      begin(Fault.CUT);
      for (int i = 1; i <= 3; i++) {
        assertThat(b.rest().publish("meanwhile", "" + i).status()).isEqualTo(201);
      }
      end(Fault.CUT);
      for (int i = 1; i <= 3; i++) {
        assertThat(client.next()).contains("\"message\"", "\"data\":" + i, "\"offset\":" + i);
      }
    }
  }

  /// Every message of the load, in its place.
  private static Map<Long, String> received(SocketClient client) {
    Map<Long, String> received = new TreeMap<>();
    for (long offset = 1; offset <= 2 * EACH; offset++) {
      String frame = client.next();
      while (frame.equals("ping")) {
        frame = client.next();
      }
      assertThat(frame).contains("\"type\":\"message\"", "\"offset\":" + offset + "}");
      Object message = JsonTree.parse(frame);
      received.put(offset, JsonTree.at(message, "messageId") + " " + JsonTree.at(message, "data"));
    }
    return received;
  }

  private void begin(Fault fault) {
    present = fault;
    switch (fault) {
      case REDIS_PAUSED -> redis.pause();
      case CUT -> {
        proxy.mode(TcpProxy.Mode.REFUSE);
        proxy.cut();
      }
      case FROZEN -> proxy.mode(TcpProxy.Mode.FREEZE);
      case MUTE -> proxy.mode(TcpProxy.Mode.SWALLOW_ANSWERS);
      case SLOW -> proxy.delayMs(100);
    }
  }

  private void end(Fault fault) {
    switch (fault) {
      case REDIS_PAUSED -> redis.resume();
      case CUT, FROZEN -> proxy.mode(TcpProxy.Mode.PASS);
      case MUTE -> {
        proxy.cut(); // no network leaves bytes out
        proxy.mode(TcpProxy.Mode.PASS);
      }
      case SLOW -> proxy.delayMs(0);
    }
    present = null;
  }

  @Test
  void onlyTheNodeThatIsCutOffAloneIsNotReady() {
    begin(Fault.CUT);
    await().atMost(NOTICED).until(() -> readiness(a).status() == 503);
    assertThat(readiness(a).text("status")).isEqualTo("down");
    assertThat(readiness(a).text("checks", "relay-127.0.0.1:" + proxy.port())).isEqualTo("down");
    assertThat(readiness(a).text("checks", "store")).isEqualTo("up");
    assertThat(isUp(b)).isTrue();

    end(Fault.CUT);
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
    begin(Fault.REDIS_PAUSED);
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

    end(Fault.REDIS_PAUSED);
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
      begin(Fault.MUTE);
      CompletableFuture<Reply> lost =
          a.rest().publishLater("lost-answer", "1", "Idempotency-Key", "k");
      String frame = client.nextWith("\"message\"");
      assertThat(lost.join().status()).isEqualTo(503);
      end(Fault.MUTE);

      await()
          .until(
              () -> a.rest().publish("lost-answer", "1", "Idempotency-Key", "k").status() == 201);
      Reply atA = a.rest().publish("lost-answer", "1", "Idempotency-Key", "k");
      Reply atB = b.rest().publish("lost-answer", "1", "Idempotency-Key", "k");
      assertThat(atA.text("data", "id")).isEqualTo(JsonTree.text(frame, "messageId"));
      assertThat(atB.body()).isEqualTo(atA.body());
      b.rest().publish("lost-answer", "2");
      assertThat(client.nextWith("\"message\"")).contains("\"data\":2", "\"offset\":2");
    }
  }
}
