package dev.pushgate.gateway.relay.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.publication.Published;
import dev.pushgate.gateway.testing.TestRedis;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.XAddArgs;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Publications of declared channels: in the archive before they are answered, or swept there.
class ArchivedIT {
  private static final ChannelKey NEWS = TestNode.channel("news");

  private final RelayConfig config =
      TestConfig.patient(TestConfig.of(TestRedis.freshPrefix(), TestRedis.url()));
  private final RelayKeys keys = new RelayKeys(config.prefix());
  private final TestNode node = TestNode.connected(config);
  private final RedisCli cli = RedisCli.shared();

  @BeforeEach
  void declare() {
    node.declared.add(NEWS);
  }

  @AfterEach
  void close() {
    node.close();
    cli.close();
  }

  @Test
  void anAnsweredMessageIsInTheArchiveAndWaitsForNoStore() {
    Published answer = node.publish(NEWS, "1");

    Publication kept = node.archive.kept.get(NEWS + " " + answer.position());
    assertThat(kept).isNotNull();
    assertThat(Published.of(kept, 3)).isEqualTo(answer);
    awaitUnarchived(0);
    assertThat(cli.redis.ttl(keys.meta(NEWS))).as("a declared channel's place stays").isEqualTo(-1);
  }

  @Test
  void anUndeclaredChannelHasNoArchive() {
    node.publish(TestNode.channel("other"), "1");
    assertThat(node.archive.kept).isEmpty();
    assertThat(cli.redis.exists(keys.unarchived())).isZero();
  }

  @Test
  void aStoreThatIsKnownToBeAwayRefusesBeforehand() {
    node.archive.away = true;
    assertRefused(node.publish(NEWS, "1", null), "was not published");
    assertThat(cli.redis.exists(keys.meta(NEWS))).isZero();
  }

  @Test
  void aStoreThatFailsAfterwardsLeavesTheOutcomeToARetryWithItsKey() {
    node.follow(NEWS);
    node.archive.failing = true;
    assertRefused(node.publish(NEWS, "1", "key"), "unknown");
    assertThat(cli.redis.xlen(keys.unarchived())).isEqualTo(1);

    node.archive.failing = false;
    Outcome<Published> answer = node.publish(NEWS, "1", "key");
    assertThat(answer).isInstanceOf(Outcome.Done.class);
    assertThat(node.archive.kept).hasSize(1);
    awaitUnarchived(0);
    assertThat(node.publish(NEWS, "1", "key")).isEqualTo(answer);
    node.publish(NEWS, "2");
    await().until(() -> node.listener.data().contains("2"));
    assertThat(node.listener.data()).containsExactly("1", "2");
  }

  @Test
  void whatWasLeftOverIsSweptByAnotherNode() {
    node.archive.failing = true;
    assertRefused(node.publish(NEWS, "1", null), "unknown");

    try (TestNode other = TestNode.connected(config)) {
      Unarchived sweeper = sweeper(other);
      RelayShard shard = other.shards.all().getFirst();
      sweeper.sweep(shard, Duration.ofMinutes(1));
      TestNode.get(other.relay.streams().head(NEWS)); // behind it on the same connection
      assertThat(other.archive.kept).as("too young").isEmpty();

      await()
          .until(
              () -> {
                sweeper.sweep(shard, Duration.ZERO);
                return !other.archive.kept.isEmpty();
              });
      awaitUnarchived(0);
      Publication kept = other.archive.kept.values().iterator().next();
      assertThat(new String(kept.data(), TestNode.UTF_8)).isEqualTo("1");
      assertThat(kept.key()).isEqualTo(NEWS);
    }
  }

  @Test
  void manyThatAreLeftOverAreSweptAtOnce() {
    leaveOver(250);

    try (TestNode other = TestNode.connected(config)) {
      sweeper(other).sweep(other.shards.all().getFirst(), Duration.ZERO);
      await().until(() -> other.archive.kept.size() == 250);
      awaitUnarchived(0);
    }
  }

  @Test
  void aSweepStopsAtTheFirstFailure() {
    leaveOver(250);
    int before = node.archive.asked.get();

    Unarchived sweeper = sweeper(node);
    sweeper.sweep(node.shards.all().getFirst(), Duration.ZERO);
    await().until(() -> node.archive.asked.get() == before + 100);
    TestNode.get(node.relay.streams().head(NEWS)); // behind whatever was asked next
    assertThat(node.archive.asked).hasValue(before + 100);

    node.archive.failing = false;
    await()
        .until(
            () -> {
              sweeper.sweep(node.shards.all().getFirst(), Duration.ZERO);
              return node.archive.kept.size() == 250;
            });
  }

  /// Another node may be able to read it.
  @Test
  void whatCannotBeReadIsLeftForHoursAndHidesNothing() {
    cli.redis.xadd(keys.unarchived(), new XAddArgs().id("1-1"), "e", "old rubbish");
    for (int i = 0; i < 150; i++) {
      cli.redis.xadd(keys.unarchived(), "e", "rubbish");
    }
    node.archive.failing = true;
    assertRefused(node.publish(NEWS, "1", null), "unknown");
    node.archive.failing = false;

    sweeper(node).sweep(node.shards.all().getFirst(), Duration.ZERO);
    await().until(() -> node.archive.kept.size() == 1);
    awaitUnarchived(150);
    assertThat(node.observer.drops).containsEntry(RelayObserver.Drop.SHAPE, 151);
  }

  @Test
  void tooManyThatWaitForTheStoreRefuseBeforehand() {
    for (int i = 0; i < config.limits().unarchived(); i += 100) {
      cli.redis.eval(
          "for i = 1, 100 do redis.call('XADD', KEYS[1], '*', 'e', 'x') end",
          ScriptOutputType.STATUS,
          keys.unarchived());
    }
    assertRefused(node.publish(NEWS, "1", null), "was not published");
    assertThat(node.publish(TestNode.channel("other"), "1", null)).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void aPlaceThatTheArchiveGaveToAnotherMessageEndsTheEpoch() {
    node.follow(NEWS);
    StreamPosition first = node.publish(NEWS, "1").position();
    Publication other =
        new Publication(NEWS, first.withOffset(2), "other", "new", "me", new byte[] {'1'}, 1);
    node.archive.add(other);

    assertRefused(node.publish(NEWS, "2", "key"), "unknown");
    await().until(() -> node.listener.doubtful.contains(NEWS));
    StreamPosition next = node.publish(NEWS, "3").position();
    assertThat(next.epoch()).isNotEqualTo(first.epoch());
    assertThat(next.offset()).isEqualTo(1);
    Outcome<Published> again = node.publish(NEWS, "2", "key");
    assertThat(again).as("its key can be settled").isInstanceOf(Outcome.Done.class);
    assertThat(node.publish(NEWS, "2", "key")).isEqualTo(again);
    assertThat(node.archive.kept).containsKey(NEWS + " " + next.withOffset(2));
  }

  private Unarchived sweeper(TestNode of) {
    EnvelopeCodec codec = new EnvelopeCodec(new Seal(config.secret()));
    Renewals renewals = new Renewals(of.shards, codec, new SecureRandom(), of.observer);
    return new Unarchived(of.shards, codec, of.archive, renewals);
  }

  private void leaveOver(int count) {
    node.archive.failing = true;
    IntStream.range(0, count)
        .mapToObj(i -> node.begin(NEWS, "" + i))
        .toList()
        .forEach(answer -> assertRefused(TestNode.get(answer), "unknown"));
    assertThat(cli.redis.xlen(keys.unarchived())).isEqualTo(count);
  }

  private void awaitUnarchived(long count) {
    await().until(() -> cli.redis.xlen(keys.unarchived()) == count);
  }

  private static void assertRefused(Outcome<Published> outcome, String words) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> {
              assertThat(refused.refusal()).isEqualTo(Refusal.STORE_UNAVAILABLE);
              assertThat(refused.sentence()).contains(words);
            });
  }
}
