package dev.pushgate.gateway.relay.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.gateway.testing.RedisProcess;
import dev.pushgate.gateway.testing.TcpProxy;
import dev.pushgate.gateway.testing.TestRedis;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class RedisOccupancyIT {
  private final RelayConfig config = TestConfig.of(TestRedis.freshPrefix(), TestRedis.url());

  @BeforeEach
  void waitLong() {
    org.awaitility.Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
  }

  @Test
  void aChannelsCountIsThatOfAllNodes() {
    try (ControlNode one = ControlNode.started("n1", config);
        ControlNode two = ControlNode.started("n2", config);
        ControlNode three = ControlNode.started("n3", config)) {
      one.subscribers("room", 1);
      two.subscribers("room", 20);
      three.subscribers("lobby", 3);

      for (ControlNode node : new ControlNode[] {one, two, three}) {
        await().untilAsserted(() -> assertThat(node.inCluster("room")).isEqualTo(21));
        await()
            .untilAsserted(
                () ->
                    assertThat(node.plane.occupancy().occupied(ControlNode.key("x").app(), "", 10))
                        .containsExactly(Map.entry("lobby", 3), Map.entry("room", 21)));
      }
      assertThat(one.plane.occupancy().onNode(ControlNode.key("room"))).isEqualTo(1);
      assertThat(one.plane.occupancy().occupied(ControlNode.key("x").app(), "r", 10))
          .containsOnlyKeys("room");
      assertThat(one.plane.occupancy().occupied(ControlNode.key("x").app(), "", 1))
          .containsOnlyKeys("lobby");

      two.subscribers("room", 0);
      await().untilAsserted(() -> assertThat(three.inCluster("room")).isEqualTo(1));
    }
  }

  @Test
  void aNodeThatComesLaterReadsWhatTheOthersCount() {
    try (ControlNode one = ControlNode.started("n1", config)) {
      for (int i = 0; i < 2_000; i++) {
        one.subscribers("room-" + i, i + 1);
      }
      try (ControlNode two = ControlNode.started("n2", config)) {
        await()
            .untilAsserted(
                () -> {
                  for (int i = 0; i < 2_000; i++) {
                    assertThat(two.inCluster("room-" + i)).isEqualTo(i + 1);
                  }
                });
      }
    }
  }

  @Test
  void manyChangesAreToldInFewCalls() {
    try (ControlNode one = ControlNode.started("n1", config);
        ControlNode two = ControlNode.started("n2", config)) {
      for (int i = 1; i <= 20_000; i++) {
        one.subscribers("room", i);
      }
      await().untilAsserted(() -> assertThat(two.inCluster("room")).isEqualTo(20_000));

      String calls =
          RawRedis.ask(config.urls().getFirst(), r -> r.hget(config.prefix() + ":count:n1", "#"));
      String number = calls.substring(calls.lastIndexOf('\n') + 1); // behind its seal
      assertThat(Long.parseLong(number)).isLessThan(20);
    }
  }

  @Test
  void aRedisThatLostEverythingIsToldEverythingAgain() {
    try (RedisProcess redis = RedisProcess.start()) {
      RelayConfig own = TestConfig.of("p", redis.url());
      try (ControlNode one = ControlNode.started("n1", own);
          ControlNode two = ControlNode.started("n2", own)) {
        fill(one, 1_200);
        await().untilAsserted(() -> assertThat(two.inCluster("c-1199")).isEqualTo(1));

        redis.kill();
        await().until(() -> !one.shards.all().getFirst().isUp());
        one.subscribers("c-7", 5);
        one.subscribers("c-8", 0);
        redis.launch();

        await().untilAsserted(() -> assertThat(two.inCluster("c-7")).isEqualTo(5));
        await().untilAsserted(() -> assertThat(two.inCluster("c-8")).isZero());
        assertThat(two.inCluster("c-1199")).isEqualTo(1);
        try (ControlNode three = ControlNode.started("n3", own)) {
          await().untilAsserted(() -> assertThat(three.inCluster("c-1199")).isEqualTo(1));
          await().untilAsserted(() -> assertThat(three.inCluster("c-7")).isEqualTo(5));
        }
      }
    }
  }

  @Test
  void anEmptiedRedisIsNoticedThoughNoConnectionBroke() {
    try (RedisProcess redis = RedisProcess.start()) {
      RelayConfig own = TestConfig.of("p", redis.url());
      try (ControlNode one = ControlNode.started("n1", own)) {
        one.subscribers("room", 2);
        await().until(() -> RawRedis.exists(one, "p:count:n1"));

        RawRedis.ask(own.urls().getFirst(), r -> r.flushall());

        try (ControlNode two = ControlNode.started("n2", own)) {
          await().untilAsserted(() -> assertThat(two.inCluster("room")).isEqualTo(2));
        }
      }
    }
  }

  @Test
  void aPausedRedisCostsNoCount() {
    try (RedisProcess redis = RedisProcess.start();
        TcpProxy proxy = new TcpProxy(redis.port())) {
      RelayConfig own = TestConfig.of("p", redis.url());
      RelayConfig throughProxy = TestConfig.of("p", "redis://127.0.0.1:" + proxy.port());
      try (ControlNode one = ControlNode.started("n1", throughProxy);
          ControlNode two = ControlNode.started("n2", own)) {
        one.subscribers("room", 2);
        await().untilAsserted(() -> assertThat(two.inCluster("room")).isEqualTo(2));

        proxy.mode(TcpProxy.Mode.REFUSE); // else Redis would find a heartbeat when it goes on
        proxy.cut();
        redis.pause();
        await().until(() -> !two.shards.all().getFirst().isUp());
        one.subscribers("room", 3);
        // longer than a lease: nobody's is over for that
        await()
            .pollDelay(ControlNode.LEASE.plusSeconds(1))
            .untilAsserted(() -> assertThat(two.inCluster("room")).isEqualTo(2));
        assertThat(two.nodes()).containsExactly("n2");
        redis.resume();

        // Only one of them is back yet; the other has one lease more.
        await().untilAsserted(() -> assertThat(two.nodes()).containsExactly("n2", "n1"));
        assertThat(two.inCluster("room")).isEqualTo(2);
        proxy.mode(TcpProxy.Mode.PASS);
        await().untilAsserted(() -> assertThat(two.inCluster("room")).isEqualTo(3));
        await().untilAsserted(() -> assertThat(two.nodes()).containsExactly("n2", "n1"));
      }
    }
  }

  @Test
  void cutConnectionsAndRandomChangesEndInTheSameCounts() {
    try (RedisProcess redis = RedisProcess.start();
        TcpProxy proxy = new TcpProxy(redis.port())) {
      RelayConfig own = TestConfig.of("p", "redis://127.0.0.1:" + proxy.port());
      try (ControlNode one = ControlNode.started("n1", own);
          ControlNode two = ControlNode.started("n2", own)) {
        Random random = new Random(7);
        for (int round = 0; round < 10; round++) {
          for (int i = 0; i < 200; i++) {
            one.subscribers("c-" + random.nextInt(30), random.nextInt(3));
            two.subscribers("c-" + random.nextInt(30), random.nextInt(3));
          }
          proxy.cut();
          await().until(() -> one.shards.all().getFirst().isUp());
        }
        for (int i = 0; i < 30; i++) {
          String channel = "c-" + i;
          int all =
              one.plane.occupancy().onNode(ControlNode.key(channel))
                  + two.plane.occupancy().onNode(ControlNode.key(channel));
          await().untilAsserted(() -> assertThat(one.inCluster(channel)).isEqualTo(all));
          await().untilAsserted(() -> assertThat(two.inCluster(channel)).isEqualTo(all));
        }
      }
    }
  }

  private static void fill(ControlNode node, int channels) {
    for (int i = 0; i < channels; i++) {
      node.subscribers("c-" + i, 1);
    }
  }
}
