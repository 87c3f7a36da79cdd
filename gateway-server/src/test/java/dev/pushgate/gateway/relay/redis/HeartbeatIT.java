package dev.pushgate.gateway.relay.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.core.cluster.NodeInfo;
import dev.pushgate.gateway.testing.RedisProcess;
import dev.pushgate.gateway.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class HeartbeatIT {
  private final RelayConfig config = TestConfig.of(TestRedis.freshPrefix(), TestRedis.url());

  @BeforeEach
  void waitLong() {
    org.awaitility.Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
  }

  @Test
  void nodesSeeEachOtherAndThemselvesFirst() {
    try (ControlNode one = ControlNode.started("n1", config);
        ControlNode two = ControlNode.started("n2", config)) {
      await().untilAsserted(() -> assertThat(one.nodes()).containsExactly("n1", "n2"));
      await().untilAsserted(() -> assertThat(two.nodes()).containsExactly("n2", "n1"));

      NodeInfo seen = one.plane.nodes().all().getLast();
      assertThat(seen.version()).isEqualTo("1.0");
      assertThat(seen.startedAtMs()).isEqualTo(42);
      assertThat(seen.connections()).isEqualTo(7);
    }
  }

  @Test
  void aNodeThatSaysGoodbyeIsGoneBeforeItsLeaseIsOver() {
    try (ControlNode one = ControlNode.started("n1", config)) {
      ControlNode two = ControlNode.started("n2", config);
      two.subscribers("room", 3);
      await().untilAsserted(() -> assertThat(one.inCluster("room")).isEqualTo(3));
      passNoReap(one);

      two.close();

      await()
          .atMost(ControlNode.LEASE.dividedBy(2))
          .untilAsserted(() -> assertThat(one.nodes()).containsExactly("n1"));
      assertThat(one.inCluster("room")).isZero();
    }
  }

  @Test
  void aNodeThatDiesIsGoneWithItsCountsAfterItsLease() {
    try (ControlNode one = ControlNode.started("n1", config)) {
      ControlNode two = ControlNode.started("n2", config);
      two.subscribers("room", 3);
      await().untilAsserted(() -> assertThat(one.inCluster("room")).isEqualTo(3));
      passNoReap(one);

      two.die();

      await()
          .during(ControlNode.LEASE.dividedBy(2))
          .atMost(ControlNode.LEASE)
          .untilAsserted(() -> assertThat(one.inCluster("room")).isEqualTo(3));
      await()
          .atMost(ControlNode.LEASE.multipliedBy(2))
          .untilAsserted(() -> assertThat(one.nodes()).containsExactly("n1"));
      assertThat(one.inCluster("room")).isZero();
      assertThat(one.plane.occupancy().occupied(ControlNode.key("room").app(), "", 10)).isEmpty();
    }
  }

  @Test
  void itsCanaryComesBack() {
    try (ControlNode one = ControlNode.started("n1", config)) {
      String shard = one.shards.all().getFirst().name();
      Map<String, Long> before = one.plane.canaryAgesMs();
      assertThat(before).containsOnlyKeys(shard);

      await()
          .untilAsserted(
              () -> assertThat(one.plane.canaryAgesMs().get(shard)).isLessThan(before.get(shard)));
    }
  }

  @Test
  void aNodeWithOtherUrlsIsRefusedWhileOthersLive() {
    try (RedisProcess second = RedisProcess.start()) {
      RelayConfig more =
          TestConfig.of(config.prefix(), config.urls().getFirst().toString(), second.url());
      String shared = config.urls().getFirst().name();
      ControlNode one = ControlNode.started("n1", config);
      try (ControlNode other = new ControlNode("n2", more)) {
        assertThat(other.start()).contains(shared);
        assertThat(one.nodes()).containsExactly("n1");
      }

      one.close();

      try (ControlNode again = new ControlNode("n3", more)) {
        assertThat(again.start()).isEmpty();
      }
    }
  }

  @Test
  void nodesThatCallTheOnlyRedisDifferentlyAreOneCluster() {
    RelayUrl one = RelayUrl.parse("redis://a:1/0");
    RelayUrl two = RelayUrl.parse("redis://b:2/0");

    assertThat(Fingerprint.of(List.of(one))).isEqualTo(Fingerprint.of(List.of(two)));
    assertThat(Fingerprint.of(List.of(one, two)))
        .isEqualTo(Fingerprint.of(List.of(two, one)))
        .isNotEqualTo(Fingerprint.of(List.of(one)));
  }

  /// Right after the start of the first node there is nothing that an outage could have cost.
  private void passNoReap(ControlNode node) {
    await().until(() -> !isNoReap(node));
  }

  private boolean isNoReap(ControlNode node) {
    return RawRedis.exists(node, config.prefix() + ":noreap");
  }
}
