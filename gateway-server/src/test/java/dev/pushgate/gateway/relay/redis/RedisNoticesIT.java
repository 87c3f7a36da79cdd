package dev.pushgate.gateway.relay.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.auth.Secret;
import dev.pushgate.core.cluster.Notice;
import dev.pushgate.core.cluster.Target;
import dev.pushgate.core.name.AppId;
import dev.pushgate.gateway.testing.RedisProcess;
import dev.pushgate.gateway.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class RedisNoticesIT {
  private final RelayConfig config = TestConfig.of(TestRedis.freshPrefix(), TestRedis.url());

  @BeforeEach
  void waitLong() {
    org.awaitility.Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
  }

  @Test
  void everyNodeIsToldOnceAndInOrder() {
    try (ControlNode one = ControlNode.started("n1", config);
        ControlNode two = ControlNode.started("n2", config)) {
      List<Notice> notices = notices(0, 700);
      notices.forEach(one.plane.notices()::tell);

      await().untilAsserted(() -> assertThat(two.told).hasSize(700));
      assertThat(two.told).isEqualTo(notices);
      hearsMarker(two, one);
      assertThat(one.told).startsWith(notices.toArray(Notice[]::new)).hasSize(701);
      assertThat(two.missed).hasValue(1); // at its start
    }
  }

  @Test
  void everyRedisHasANoticeAndEachNodeActsOnce() {
    try (RedisProcess second = RedisProcess.start()) {
      RelayConfig both = TestConfig.of(config.prefix(), TestRedis.url(), second.url());
      try (ControlNode one = ControlNode.started("n1", both);
          ControlNode two = ControlNode.started("n2", both)) {
        one.plane.notices().tell(notice(1));

        await().untilAsserted(() -> assertThat(two.told).containsExactly(notice(1)));
        for (RelayUrl url : both.urls()) {
          await().until(() -> RawRedis.ask(url, r -> r.xlen(config.prefix() + ":notices")) == 1);
        }
        second.kill();
        await().until(() -> !one.shards.all().getLast().isUp());
        hearsMarker(one, two);
        assertThat(two.told).hasSize(2);
        assertThat(one.told).hasSize(2);
      }
    }
  }

  @Test
  void aRedisThatWasAwayHasANoticeLater() {
    try (RedisProcess second = RedisProcess.start()) {
      RelayConfig both = TestConfig.of(config.prefix(), TestRedis.url(), second.url());
      try (ControlNode one = ControlNode.started("n1", both)) {
        second.kill();
        await().until(() -> !one.shards.all().getLast().isUp());
        one.plane.notices().tell(notice(1));
        await().until(() -> streamLength() == 1);
        second.launch();

        RelayUrl url = both.urls().getLast();
        await().until(() -> RawRedis.ask(url, r -> r.xlen(config.prefix() + ":notices")) == 1);
        hearsMarker(one, one);
        assertThat(one.told).hasSize(2);
        assertThat(streamLength()).as("told once where it was told").isEqualTo(2);
      }
    }
  }

  @Test
  void aNodeThatBeginsHearsNothingOfThePast() {
    try (ControlNode one = ControlNode.started("n1", config)) {
      one.plane.notices().tell(notice(1));
      await().until(() -> told(one) == 1);
      await().untilAsserted(() -> assertThat(streamLength()).isEqualTo(1));
      try (ControlNode two = ControlNode.started("n2", config)) {
        await().untilAsserted(() -> assertThat(two.missed).hasValue(1));
        one.plane.notices().tell(notice(2));

        await().untilAsserted(() -> assertThat(two.told).containsExactly(notice(2)));
      }
    }
  }

  @Test
  void anotherClustersNoticeIsDropped() {
    try (ControlNode one = ControlNode.started("n1", config);
        ControlNode stranger =
            ControlNode.started(
                "n2", TestConfig.withSecret(config, new Secret("another cluster's")))) {
      stranger.plane.notices().tell(notice(1));
      await().until(() -> streamLength() == 1);

      try (ControlNode two = ControlNode.started("n3", config)) {
        two.plane.notices().tell(notice(2));
        await().untilAsserted(() -> assertThat(one.told).containsExactly(notice(2)));
      }
      assertThat(one.observer.drops).containsKey(RelayObserver.Drop.SECRET);
    }
  }

  @Test
  void whatIsToldWhileRedisIsAwayIsHeardWhenItIsBackThoughItLostEverything() {
    try (RedisProcess redis = RedisProcess.start()) {
      RelayConfig own = TestConfig.of("p", redis.url());
      try (ControlNode one = ControlNode.started("n1", own);
          ControlNode two = ControlNode.started("n2", own)) {
        notices(0, 5).forEach(one.plane.notices()::tell);
        await().untilAsserted(() -> assertThat(two.told).hasSize(5));
        int missedBefore = two.missed.get();

        redis.kill();
        await().until(() -> !one.shards.all().getFirst().isUp());
        one.plane.notices().tell(notice(100));
        await().untilAsserted(() -> assertThat(one.told).contains(notice(100)));
        redis.launch();

        await().untilAsserted(() -> assertThat(two.told).hasSize(6).contains(notice(100)));
        await().untilAsserted(() -> assertThat(two.missed).hasValueGreaterThan(missedBefore));
        assertThat(one.told).hasSize(6);
      }
    }
  }

  @Test
  void aNodeThatWasAwayForLongerThanNoticesAreKeptIsToldThatItMissedSome() {
    try (RedisProcess redis = RedisProcess.start()) {
      RelayConfig own = TestConfig.of("p", redis.url());
      try (ControlNode one = ControlNode.started("n1", own)) {
        one.plane.notices().tell(notice(0));
        await().until(() -> told(one) == 1);
        await().untilAsserted(() -> assertThat(one.missed).hasValue(1));
        int missedBefore = one.missed.get();

        RawRedis.ask(own.urls().getFirst(), r -> r.xtrim("p:notices", 0));
        RawRedis.ask(
            own.urls().getFirst(),
            r -> {
              r.del("p:notices");
              r.eval(
                  "for i = 5, 9 do redis.call('XADD', KEYS[1], i .. '-0', 'id', 'x' .. i, 'body',"
                      + " 'y') end return 0",
                  io.lettuce.core.ScriptOutputType.INTEGER,
                  "p:notices");
              return 0;
            });

        // A heartbeat may have come in the middle of that, and is told, too.
        await().until(() -> one.missed.get() > missedBefore);
      }
    }
  }

  @Test
  void tooManyThatWaitAreLeftOutAndThatIsTold() {
    try (RedisProcess redis = RedisProcess.start()) {
      RelayConfig own = TestConfig.of("p", redis.url());
      try (ControlNode one = ControlNode.started("n1", own);
          ControlNode two = ControlNode.started("n2", own)) {
        await().untilAsserted(() -> assertThat(two.missed).hasValue(1));
        redis.pause();
        notices(0, 1_500).forEach(one.plane.notices()::tell);
        await().until(() -> told(one) == 1_500);
        redis.resume();

        await().untilAsserted(() -> assertThat(two.missed).hasValueGreaterThan(1));
        assertThat(two.told).hasSizeBetween(900, 1_001).startsWith(notice(0), notice(1));
      }
    }
  }

  private static void hearsMarker(ControlNode teller, ControlNode hearer) {
    Notice marker = notice(1_000_000);
    teller.plane.notices().tell(marker);
    await().until(() -> hearer.told.contains(marker));
  }

  private long streamLength() {
    return RawRedis.ask(config.urls().getFirst(), r -> r.xlen(config.prefix() + ":notices"));
  }

  private static int told(ControlNode node) {
    return node.told.size();
  }

  private static List<Notice> notices(int from, int to) {
    return IntStream.range(from, to).mapToObj(RedisNoticesIT::notice).toList();
  }

  private static Notice notice(int number) {
    return new Notice.Disconnect(new AppId("a"), new Target.User("u" + number));
  }
}
