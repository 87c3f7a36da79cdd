package dev.pushgate.gateway.relay.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.auth.Secret;
import dev.pushgate.core.cluster.NodeInfo;
import dev.pushgate.gateway.testing.TestRedis;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What somebody who may write to Redis, but has not the cluster's secret, says in a node's place.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class ForgedIT {
  private static final Duration A_HEARTBEAT = Duration.ofMillis(1_500);

  private final RelayConfig config =
      TestConfig.patient(TestConfig.of(TestRedis.freshPrefix(), TestRedis.url()));
  private final ControlKeys keys = new ControlKeys(config.prefix());

  /// As one that has read how these are written.
  private final SealedTexts strangers =
      new SealedTexts(
          new Seal(new Secret("a secret of its own")), new Drops(new CountingObserver()));

  private final StatefulRedisConnection<String, byte[]> connection =
      RawRedis.connect(config.urls().getFirst(), RelayClient.CODEC);
  private final RedisCommands<String, byte[]> redis = connection.sync();

  @BeforeEach
  void waitLong() {
    org.awaitility.Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
  }

  @AfterEach
  void close() {
    connection.close();
  }

  @Test
  void countsThatAreToldAreNotBelieved() {
    try (ControlNode one = ControlNode.started("n1", config);
        ControlNode two = ControlNode.started("n2", config)) {
      two.subscribers("room", 3);
      await().untilAsserted(() -> assertThat(one.inCluster("room")).isEqualTo(3));

      CountDelta forged = new CountDelta("n2", 2, Map.of(ControlNode.key("room"), 999));
      redis.publish(keys.counts(), strangers.close(SealedTexts.COUNTS, forged.text()));
      redis.publish(keys.counts(), plain(forged.text()));
      await().untilAsserted(() -> assertThat(secretDrops(one)).isEqualTo(2));

      assertThat(one.inCluster("room")).isEqualTo(3);
      two.subscribers("room", 4);
      await().untilAsserted(() -> assertThat(one.inCluster("room")).isEqualTo(4));
    }
  }

  @Test
  void countsThatAreReadAreNotBelieved() {
    try (ControlNode one = ControlNode.started("n1", config)) {
      one.subscribers("room", 3);
      one.subscribers("lobby", 5);
      one.subscribers("hall", 7);
      await().until(() -> stored("n1", "hall") != null);
      byte[] ofAnother = stored("n1", "lobby");

      redis.hset(keys.count("n1"), ControlNode.key("room").toString(), plain("999"));
      redis.hset(
          keys.count("n1"),
          ControlNode.key("cellar").toString(),
          strangers.close(SealedTexts.ofCount("n1", ControlNode.key("cellar").toString()), "999"));
      redis.hset(keys.count("n1"), ControlNode.key("attic").toString(), ofAnother);

      try (ControlNode two = ControlNode.started("n2", config)) {
        await().untilAsserted(() -> assertThat(two.inCluster("hall")).isEqualTo(7));
        assertThat(two.plane.occupancy().occupied(ControlNode.key("x").app(), "", 10))
            .isEqualTo(Map.of("hall", 7, "lobby", 5));
        assertThat(two.observer.drops)
            .containsOnlyKeys(RelayObserver.Drop.SECRET, RelayObserver.Drop.SHAPE);
      }
    }
  }

  @Test
  void aNumberThatNoNodeGaveHasTheCountsToldAnew() {
    try (ControlNode one = ControlNode.started("n1", config);
        ControlNode two = ControlNode.started("n2", config)) {
      one.subscribers("room", 3);
      await().untilAsserted(() -> assertThat(two.inCluster("room")).isEqualTo(3));

      redis.hset(keys.count("n1"), "#", plain("9000000000000000000"));
      redis.hdel(keys.count("n1"), ControlNode.key("room").toString());

      await().until(() -> stored("n1", "room") != null);
      try (ControlNode three = ControlNode.started("n3", config)) {
        await().untilAsserted(() -> assertThat(three.inCluster("room")).isEqualTo(3));
      }
      one.subscribers("room", 4);
      await().untilAsserted(() -> assertThat(two.inCluster("room")).isEqualTo(4));
    }
  }

  @Test
  void aNodeThatIsNoneIsNotSeen() {
    try (ControlNode one = ControlNode.started("n1", config);
        ControlNode two = ControlNode.started("n2", config)) {
      await().untilAsserted(() -> assertThat(one.nodes()).containsExactly("n1", "n2"));
      byte[] ofAnother = redis.get(keys.node("n2"));
      String says = RedisNodes.says(new NodeInfo("n9", "6.6", 1, 1_000, 0));
      double anHourOn = System.currentTimeMillis() + 3_600_000.0;
      Map<String, byte[]> nodes =
          Map.of(
              "n7", plain(says),
              "n8", strangers.close(SealedTexts.ofNode("n8"), says),
              "n9", ofAnother);
      nodes.forEach(
          (id, text) -> {
            redis.set(keys.node(id), text);
            redis.zadd(keys.nodes(), anHourOn, id.getBytes(StandardCharsets.UTF_8));
          });

      await().until(() -> secretDrops(one) >= 4 && secretDrops(two) >= 4);
      assertThat(one.nodes()).containsExactly("n1", "n2");
      assertThat(two.nodes()).containsExactly("n2", "n1");
      assertThat(one.observer.drops).containsKey(RelayObserver.Drop.SHAPE);
    }
  }

  @Test
  void aCanaryThatAnotherSentIsNone() {
    try (ControlNode one = ControlNode.started("n1", config)) {
      await().until(() -> one.canaryAgeMs() < A_HEARTBEAT.toMillis());
      String shard = one.shards.all().getFirst().name();
      // What is published while the node dials anew is lost, so it is published again.
      await()
          .until(
              () -> {
                for (int number = 1; number < 20; number++) {
                  byte[] forged =
                      strangers.close(SealedTexts.ofCanary("n1", shard), Integer.toString(number));
                  redis.publish(keys.canary("n1"), forged);
                }
                return secretDrops(one) >= 19;
              });
    }
  }

  private byte @Nullable [] stored(String node, String channel) {
    return redis.hget(keys.count(node), ControlNode.key(channel).toString());
  }

  private static int secretDrops(ControlNode node) {
    return node.observer.drops.getOrDefault(RelayObserver.Drop.SECRET, 0);
  }

  /// Under no seal, as it was before there were any.
  private static byte[] plain(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
