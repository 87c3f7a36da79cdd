package dev.pushgate.gateway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import dev.pushgate.gateway.app.Gateway;
import dev.pushgate.gateway.endtoend.Rest.Reply;
import dev.pushgate.gateway.testing.LogLines;
import dev.pushgate.gateway.testing.RedisProcess;
import dev.pushgate.gateway.testing.TestPostgres;
import java.time.Duration;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a Redis that refuses one node, or all, shows whoever runs them.
@Timeout(180)
class RelayRefusalIT {
  private final RedisProcess redis = RedisProcess.start();
  private final String check = "relay-127.0.0.1:" + redis.port();
  private final Cluster cluster = new Cluster(redis, TestPostgres.freshDatabase());

  @AfterEach
  void stop() throws Exception {
    cluster.close();
    redis.close();
  }

  /// What most guides write: since Redis 7 such a user may use no channels.
  @Test
  void aNodeWhoseUserMayNotUseChannelsStartsBesideOthersAndSaysWhyItIsNotReady() {
    NodeInProcess other = cluster.startInProcess();
    redis.run("ACL SETUSER ann on >secret ~* +@all");
    String url = "redis://ann:secret@127.0.0.1:" + redis.port();
    NodeInProcess node = cluster.startInProcess("PUSHGATE_RELAY_URLS", url);

    patiently().until(() -> ready(node).status() == 503);
    assertThat(ready(node).text("checks", check)).isEqualTo("down");
    assertThat(ready(node).text("reasons", check)).startsWith("NOPERM ");
    assertThat(node.management().get("/metrics").body())
        .contains(
            "pushgate_relay_trouble{reason=\"NOPERM\",relay=\"127.0.0.1:"
                + redis.port()
                + "\"} 1.0");
    assertThat(ready(other).status()).isEqualTo(200);
    redis.run("ACL SETUSER ann &*");

    patiently().until(() -> isUp(node));
    assertThat(node.rest().publish("a", "1").status()).isEqualTo(201);
    Cluster.awaitNodes(2, node, other);
  }

  @Test
  void aRedisWithoutMemoryDegradesAllAndIsQuotedUntilItIsOver() {
    NodeInProcess node = cluster.startInProcess();
    redis.run("CONFIG SET maxmemory 1");
    patiently().until(() -> node.rest().publish("a", "1").status() == 503);
    patiently().until(() -> ready(node).text("status").equals("degraded"));
    assertThat(ready(node).status()).isEqualTo(200);
    assertThat(ready(node).text("reasons", check)).startsWith("OOM ");
    redis.run("CONFIG SET maxmemory 0");

    patiently().until(() -> isUp(node));
    assertThat(ready(node).body()).doesNotContain("reasons");
  }

  @Test
  void aClusterWithoutASecretIsWarnedOf() throws Exception {
    String warning = "pushgate.cluster.secret is not set";
    try (LogLines log = new LogLines("dev.pushgate.gateway.app.RelayStage", Level.INFO)) {
      cluster.startInProcess(new Gateway());
      assertThat(log.with(warning)).isEmpty();
    }
    String[] settings = {"PUSHGATE_CLUSTER_SECRET", "", "PUSHGATE_RELAY_PREFIX", "other"};
    try (LogLines log = new LogLines("dev.pushgate.gateway.app.RelayStage", Level.INFO);
        Cluster unsigned = new Cluster(redis, TestPostgres.freshDatabase(), settings)) {
      unsigned.startInProcess();
      assertThat(log.with(warning)).hasSize(1).allMatch(line -> line.startsWith("WARN "));
    }
  }

  private static Reply ready(Node node) {
    return node.management().get("/health/ready");
  }

  private static boolean isUp(Node node) {
    return ready(node).text("status").equals("up");
  }

  private static ConditionFactory patiently() {
    return await().atMost(Duration.ofSeconds(60));
  }
}
