package dev.pushgate.gateway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.gateway.endtoend.EndlessLoad.Sent;
import dev.pushgate.gateway.testing.NoLeaks;
import dev.pushgate.gateway.testing.PostgresProcess;
import dev.pushgate.gateway.testing.RedisProcess;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// The database of two nodes is killed under load and started again.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(NoLeaks.class)
@Timeout(180)
class ClusterStoreAwayFaultIT {
  private static final int MEMBERS = 20;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String ARCHIVED = "archived";
  private static final String UNDECLARED = "undeclared";

  private PostgresProcess postgres;
  private RedisProcess redis;
  private Cluster cluster;
  private NodeInProcess a;
  private NodeInProcess b;

  @BeforeAll
  void start() {
    postgres = PostgresProcess.start();
    redis = RedisProcess.start();
    cluster = new Cluster(redis, postgres.freshDatabase(), "PUSHGATE_STORE_TIMEOUT", "1s");
    a = cluster.startInProcess();
    b = cluster.startInProcess();
  }

  @AfterAll
  void stop() throws Exception {
    cluster.close();
    redis.close();
    postgres.close();
  }

  @Test
  void archivedChannelsAreRefusedWhileItIsAwayAndTheOthersGoOn() {
    assertThat(a.rest().declare(ARCHIVED).status()).isEqualTo(201);
    try (Swarm swarm = new Swarm(a, b)) {
      swarm.join(MEMBERS, ARCHIVED);
      swarm.join(MEMBERS, UNDECLARED);
      await().atMost(PATIENCE).until(() -> swarm.allHave(0));
      try (EndlessLoad load = new EndlessLoad(List.of(ARCHIVED, UNDECLARED), a, b)) {
        load.awaitDone(List.of(ARCHIVED, UNDECLARED), a, b);
        postgres.kill();
        load.awaitRefused(List.of(ARCHIVED), a, b);
        load.awaitDone(List.of(UNDECLARED), a, b);
        postgres.launch();
        load.awaitDone(List.of(ARCHIVED), a, b);
        load.close();

        Audit.of(swarm, load, UNDECLARED).everyAnswerHolds();
        assertThat(load.sent(UNDECLARED)).allMatch(Sent::isDone);
        Audit.of(swarm, load, ARCHIVED)
            .everyAnswerHolds()
            .everyRefusalIs("STORE_UNAVAILABLE")
            .isInTheHistory(a.rest(), ARCHIVED);
      }
    }
    await().atMost(PATIENCE).until(() -> isUp(a) && isUp(b));
  }

  private static boolean isUp(Node node) {
    return node.management().get("/health/ready").text("status").equals("up");
  }
}
