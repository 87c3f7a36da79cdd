package dev.pushgate.gateway.relay.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.core.cluster.NodeInfo;
import dev.pushgate.core.cluster.Notice;
import dev.pushgate.gateway.testing.RedisProcess;
import dev.pushgate.gateway.testing.TcpProxy;
import dev.pushgate.gateway.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class HeartbeatIT {
  /// What is there for a lease is to be seen also by who stands still for a few seconds.
  private static final Duration LONG_LEASE = Duration.ofSeconds(8);

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
    Duration anHour = Duration.ofHours(1);
    String now = Long.toString(System.currentTimeMillis()); // else this Redis is new for a lease
    RawRedis.ask(config.urls().getFirst(), r -> r.set(config.prefix() + ":heartbeat", now));
    try (ControlNode one = ControlNode.started("n1", config, anHour)) {
      ControlNode two = ControlNode.started("n2", config, anHour);
      two.subscribers("room", 3);
      await().untilAsserted(() -> assertThat(one.inCluster("room")).isEqualTo(3));

      two.close();

      await().untilAsserted(() -> assertThat(one.nodes()).containsExactly("n1"));
      await().untilAsserted(() -> assertThat(one.inCluster("room")).isZero());
    }
  }

  @Test
  void aNodeThatDiesIsGoneWithItsCountsAfterItsLease() {
    try (ControlNode one = ControlNode.started("n1", config)) {
      ControlNode two = ControlNode.started("n2", config);
      two.subscribers("room", 3);
      await().untilAsserted(() -> assertThat(one.inCluster("room")).isEqualTo(3));

      two.die();

      await().untilAsserted(() -> assertThat(one.nodes()).containsExactly("n1"));
      await().untilAsserted(() -> assertThat(one.inCluster("room")).isZero());
      assertThat(one.plane.occupancy().occupied(ControlNode.key("room").app(), "", 10)).isEmpty();
    }
  }

  @Test
  void itsCanaryComesBack() {
    try (ControlNode one = ControlNode.started("n1", config)) {
      String shard = one.shards.all().getFirst().name();
      assertThat(one.plane.canaryAgesMs()).containsOnlyKeys(shard);

      AtomicLong last = new AtomicLong(one.canaryAgeMs());
      await()
          .until(
              () -> {
                long age = one.canaryAgeMs();
                return age < last.getAndSet(age);
              });
    }
  }

  @Test
  void nodesThatCallTheOnlyRedisDifferentlyGiveItOneNameAmongThemselves() {
    try (ControlNode one = new ControlNode("n1", TestConfig.of("p", "redis://a:1"));
        ControlNode two = new ControlNode("n2", TestConfig.of("p", "redis://b:2"));
        ControlNode three =
            new ControlNode("n3", TestConfig.of("p", "redis://a:1", "redis://b:2/3"))) {
      assertThat(two.plane.standings().getFirst().name())
          .isNotEqualTo(one.plane.standings().getFirst().name());
      assertThat(two.plane.standings().getFirst().relay())
          .isEqualTo(one.plane.standings().getFirst().relay());
      assertThat(three.plane.standings())
          .extracting(ControlPlane.Standing::relay)
          .containsExactly("a:1/0", "b:2/3");
    }
  }

  @Test
  void anotherConnectionIsDialledWhenTheCanaryStaysAway() {
    try (ControlNode one = ControlNode.started("n1", config)) {
      RelayShard shard = one.shards.all().getFirst();
      await().until(() -> one.canaryAgeMs() < 1_500);
      int dials = one.observer.dials.get();

      shard.unlisten(config.prefix() + ":canary:n1"); // as if nothing came through any more

      // It stays away, so that there may be a third one by the time that this looks.
      await().until(() -> one.observer.dials.get() > dials);
      assertThat(one.canaryAgeMs()).isGreaterThanOrEqualTo(2_900);
      one.plane.notices().tell(new Notice.KeysChanged());
      await().untilAsserted(() -> assertThat(one.told).hasSize(1));
    }
  }

  @Test
  void aCanaryThatWasNeverSentIsNotMissed() {
    try (ControlNode one = new ControlNode("n1", TestConfig.patient(config))) {
      one.shards.start();
      await().until(() -> one.shards.all().getFirst().isUp());
      await().until(() -> one.shards.all().getFirst().isListening());
      int dials = one.observer.dials.get();
      one.aheadNanos.addAndGet(Duration.ofMinutes(1).toNanos()); // so long its start took

      one.plane.start(Duration.ofSeconds(10));

      await().until(() -> one.canaryAgeMs() < 1_500);
      assertThat(one.observer.dials).hasValue(dials);
    }
  }

  @Test
  void nobodyMayBeReapedForALeaseAfterAnOutage() {
    try (RedisProcess redis = RedisProcess.start()) {
      RelayConfig own = TestConfig.of("p", redis.url());
      try (ControlNode one = ControlNode.started("n1", own, LONG_LEASE)) {
        await().until(() -> !RawRedis.exists(one, "p:noreap"));
        redis.pause();
        await().pollDelay(LONG_LEASE.dividedBy(2)).until(() -> !one.shards.all().getFirst().isUp());
        redis.resume();
        await().until(() -> RawRedis.exists(one, "p:noreap"));
        await().until(() -> !RawRedis.exists(one, "p:noreap"));

        RawRedis.ask(own.urls().getFirst(), r -> r.flushall());

        await().until(() -> RawRedis.exists(one, "p:noreap"));
      }
    }
  }

  @Test
  void aRedisThatRefusesToWriteIsNotDialledAgain() {
    try (RedisProcess redis = RedisProcess.start();
        ControlNode one =
            ControlNode.started("n1", TestConfig.patient(TestConfig.of("p", redis.url())))) {
      await().until(() -> one.canaryAgeMs() < 1_500);
      int dials = one.observer.dials.get();
      redis.run("CONFIG SET maxmemory 1");
      int failures = one.observer.failures.get();
      // Three times as long as a canary may take: there is a heartbeat each 300 ms.
      await().until(() -> one.observer.failures.get() >= failures + 30);
      await().until(() -> one.canaryAgeMs() > 9_000); // what readiness goes by

      assertThat(one.observer.dials).hasValue(dials);
      redis.run("CONFIG SET maxmemory 0");
      await().until(() -> one.canaryAgeMs() < 1_500);
      assertThat(one.observer.dials).hasValue(dials);
    }
  }

  @Test
  void aRedisThatWasEmptiedIsFoundOutByTheNextHeartbeatOfEachNode() {
    try (RedisProcess redis = RedisProcess.start();
        ControlNode one = ControlNode.started("n1", TestConfig.of("p", redis.url()));
        ControlNode two = ControlNode.started("n2", TestConfig.of("p", redis.url()))) {
      await().untilAsserted(() -> assertThat(two.nodes()).hasSize(2));
      assertThat(one.lost.get() + two.lost.get()).isZero();

      redis.run("FLUSHALL");

      await().until(() -> one.lost.get() == 1 && two.lost.get() == 1);
      await().untilAsserted(() -> assertThat(two.nodes()).hasSize(2));
      assertThat(one.lost.get() + two.lost.get()).isEqualTo(2);
    }
  }

  @Test
  void aHeartbeatThatFailedBeforeItWasSentIsNotTheLastOne() {
    try (ControlNode one = ControlNode.started("n1", config)) {
      await().until(() -> one.canaryAgeMs() < 1_500);
      one.broken.set(true);
      await().until(() -> !one.broken.get());

      long failed = System.nanoTime();
      await().until(() -> one.canaryAgeMs() < (System.nanoTime() - failed) / 1_000_000);
    }
  }

  @Test
  void nobodyMayBeReapedForALeaseAfterTheFirstHeartbeatOfANewNodeOnAnEmptyRedis() {
    try (RedisProcess redis = RedisProcess.start();
        ControlNode one = ControlNode.started("n1", TestConfig.of("p", redis.url()))) {
      assertThat(RawRedis.exists(one, "p:noreap")).isTrue();
      await().until(() -> !RawRedis.exists(one, "p:noreap"));
    }
  }

  @Test
  void aRelayThatAnswersNothingIsNoticedAndWorksAgainWhenItDoes() {
    try (RedisProcess redis = RedisProcess.start();
        TcpProxy proxy = new TcpProxy(redis.port())) {
      RelayConfig own = TestConfig.of("p", "redis://127.0.0.1:" + proxy.port());
      try (ControlNode one = ControlNode.started("n1", own);
          ControlNode two = ControlNode.started("n2", TestConfig.of("p", redis.url()))) {
        await().untilAsserted(() -> assertThat(one.nodes()).hasSize(2));

        proxy.mode(TcpProxy.Mode.SWALLOW_ANSWERS);
        await().until(() -> one.canaryAgeMs() > ControlNode.LEASE.toMillis() + 1_000);
        assertThat(one.nodes()).as("a lease after the last answer").containsExactly("n1");
        proxy.mode(TcpProxy.Mode.PASS);

        await().until(() -> one.canaryAgeMs() < 1_500);
        two.subscribers("room", 4);
        await().untilAsserted(() -> assertThat(one.inCluster("room")).isEqualTo(4));
        await().untilAsserted(() -> assertThat(one.nodes()).hasSize(2));
      }
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
        assertThat(other.plane.standings())
            .extracting(ControlPlane.Standing::fits)
            .containsExactly(false, true);
        assertThat(one.nodes()).containsExactly("n1");
        one.close();

        await()
            .untilAsserted(
                () ->
                    assertThat(other.plane.standings())
                        .extracting(ControlPlane.Standing::fits)
                        .containsOnly(true));
      }

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
}
