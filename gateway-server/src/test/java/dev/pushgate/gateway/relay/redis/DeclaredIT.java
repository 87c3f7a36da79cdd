package dev.pushgate.gateway.relay.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.publication.Published;
import dev.pushgate.core.relay.Seen;
import dev.pushgate.core.relay.StreamSlice;
import dev.pushgate.gateway.testing.TestRedis;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Channels that are declared and deleted, as nodes find them that have not heard of it.
class DeclaredIT {
  private static final ChannelKey NEWS = TestNode.channel("news");

  private final RelayConfig config =
      TestConfig.patient(TestConfig.of(TestRedis.freshPrefix(), TestRedis.url()));
  private final RelayKeys keys = new RelayKeys(config.prefix());
  private final TestNode node = TestNode.connected(config);
  private final RedisCli cli = RedisCli.shared();

  @AfterEach
  void close() {
    node.close();
    cli.close();
  }

  @Test
  void aNodeThatHasNotHeardOfADeclarationArchivesAllTheSame() {
    node.follow(NEWS);
    node.publish(NEWS, "1");
    assertThat(node.archive.kept).isEmpty();
    TestNode.get(node.relay.declared(NEWS, "id"));

    Outcome<Published> second = node.publish(NEWS, "2", "key");
    assertThat(node.archive.kept).hasSize(1);
    assertThat(node.publish(NEWS, "2", "key")).isEqualTo(second);
    await().until(() -> node.listener.arrivals.size() == 2);
    assertThat(node.listener.data()).containsExactly("1", "2");
    assertThat(cli.redis.pttl(keys.meta(NEWS))).isEqualTo(-1);
  }

  @Test
  void aChannelIsDeclaredBeforeAnybodyUsesIt() {
    TestNode.get(node.relay.declared(NEWS, "id"));
    assertThat(cli.redis.pttl(keys.meta(NEWS))).isGreaterThan(Duration.ofHours(23).toMillis());
    assertThat(TestNode.get(node.relay.streams().head(NEWS))).isEmpty();
    node.read(NEWS, null);

    assertThat(node.publish(NEWS, "1").position().offset()).isEqualTo(1);
    assertThat(node.archive.kept).hasSize(1);
    assertThat(node.observer.epochs).as("that anybody had to be told of").hasValue(0);
  }

  @Test
  void aStoreThatIsAwayRefusesAlsoThere() {
    TestNode.get(node.relay.declared(NEWS, "id"));
    node.archive.away = true;

    assertThat(node.publish(NEWS, "1", null))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.refusal()).isEqualTo(Refusal.STORE_UNAVAILABLE));
    assertThat(cli.redis.exists(keys.stream(NEWS))).isZero();
  }

  @Test
  void aNoteThatCameBehindTheDeletionIsTakenBack() {
    TestNode.get(node.relay.declared(NEWS, "id"));
    node.archive.declared = false;
    assertThat(node.publish(NEWS, "1").position().offset()).isEqualTo(1);

    await().until(() -> !cli.redis.hexists(keys.meta(NEWS), "declared"));
    await().until(() -> cli.redis.pttl(keys.meta(NEWS)) > 0);
    await().until(() -> cli.redis.xlen(keys.unarchived()) == 0);
    int asked = node.archive.asked.get();
    node.publish(NEWS, "2");
    assertThat(node.archive.asked).hasValue(asked);
  }

  @Test
  void aLatePublishToADeletedChannelDoesNotKeepItForEver() {
    node.declared.add(NEWS);
    node.publish(NEWS, "1");
    TestNode.get(node.relay.end(NEWS));
    node.archive.declared = false;
    node.publish(NEWS, "2");

    await().until(() -> cli.redis.xlen(keys.unarchived()) == 0);
    assertThat(cli.redis.pttl(keys.meta(NEWS))).isGreaterThan(Duration.ofHours(23).toMillis());
  }

  @Test
  void aChannelThatWasDeclaredAgainIsKept() {
    node.declared.add(NEWS);
    TestNode.get(node.relay.declared(NEWS, "second"));
    node.archive.declared = false; // says an answer that is older than the declaration
    node.publish(NEWS, "1");

    await().until(() -> cli.redis.xlen(keys.unarchived()) == 0);
    assertThat(cli.redis.hget(keys.meta(NEWS), "declared")).isEqualTo("second");
    assertThat(cli.redis.pttl(keys.meta(NEWS))).isEqualTo(-1);
  }

  @Test
  void aDeletionTakesTheNoteWithItAndIsFoundByReading() {
    assertThat(node.read(NEWS, null).life()).isEmpty();
    Published first = node.publish(NEWS, "1");
    TestNode.get(node.relay.declared(NEWS, "id"));
    TestNode.get(node.relay.end(NEWS));

    StreamSlice ended = node.read(NEWS, new Seen(first.position(), first.id()));
    assertThat(ended.head().epoch()).isNotEqualTo(first.position().epoch());
    assertThat(ended.life()).isEqualTo(ended.head().epoch());
    Published second = node.publish(NEWS, "2");
    assertThat(node.archive.kept).isEmpty();

    cli.redis.hset(keys.meta(NEWS), Map.of("offset", "0", "id", "")); // lost data
    StreamSlice lost = node.read(NEWS, new Seen(second.position(), second.id()));
    assertThat(lost.head().epoch()).isNotEqualTo(ended.head().epoch());
    assertThat(lost.life()).as("is no deletion").isEqualTo(ended.life());
    cli.redis.del(keys.meta(NEWS));
    assertThat(node.read(NEWS, new Seen(lost.head(), "")).life()).isEmpty();
  }

  @Test
  void aStreamsPlaceIsRememberedForAsLongAsItsMessages() {
    Duration week = Duration.ofDays(7);
    RelayConfig.Log log = config.log();
    RelayConfig slow =
        TestConfig.withLog(
            config,
            new RelayConfig.Log(log.messages(), week, log.readBytes(), log.idempotencyTtl()));
    try (TestNode old = TestNode.connected(slow)) {
      old.publish(NEWS, "1");
      assertThat(cli.redis.pttl(keys.meta(NEWS)))
          .isGreaterThan(week.minusMinutes(1).toMillis())
          .isGreaterThanOrEqualTo(cli.redis.pttl(keys.stream(NEWS)));
      TestNode.get(old.relay.end(NEWS));
      assertThat(cli.redis.pttl(keys.meta(NEWS))).isGreaterThan(week.minusMinutes(1).toMillis());
    }
  }
}
