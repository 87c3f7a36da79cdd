package dev.pushgate.gateway.relay.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.publication.Published;
import dev.pushgate.core.relay.Seen;
import dev.pushgate.core.relay.StreamSlice;
import dev.pushgate.gateway.testing.TestRedis;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Every way in which a stream can turn out not to be the one that was followed.
class NewEpochIT {
  private static final ChannelKey NEWS = TestNode.channel("news");

  private final RelayConfig config =
      TestConfig.patient(TestConfig.of(TestRedis.freshPrefix(), TestRedis.url()));
  private final RelayKeys keys = new RelayKeys(config.prefix());
  private final TestNode a = TestNode.connected(config);
  private final TestNode b = TestNode.connected(config);
  private final RedisCli cli = RedisCli.shared();

  @BeforeEach
  void followed() {
    a.follow(NEWS);
    b.follow(NEWS);
    IntStream.rangeClosed(1, 5).forEach(i -> a.publish(NEWS, "" + i));
    await().until(() -> a.listener.arrivals.size() == 5 && b.listener.arrivals.size() == 5);
  }

  @AfterEach
  void close() {
    a.close();
    b.close();
    cli.close();
  }

  @Test
  void aLostStreamBeginsANewEpochAndAllAreTold() {
    cli.redis.del(keys.meta(NEWS), keys.stream(NEWS));

    Published after = a.publish(NEWS, "6");

    assertThat(after.position().epoch()).isNotEqualTo(epoch());
    assertThat(after.position().offset()).isEqualTo(1);
    await().until(() -> a.listener.doubtful.contains(NEWS) && b.listener.doubtful.contains(NEWS));
    assertThat(a.observer.epochs).hasValue(1);
  }

  @Test
  void aLostHeadTakesTheOldEntriesWithIt() {
    cli.redis.del(keys.meta(NEWS));

    Published after = a.publish(NEWS, "6");

    StreamSlice slice = b.read(NEWS, null);
    assertThat(slice.head()).isEqualTo(after.position());
    assertThat(slice.newest()).hasSize(1);
  }

  @Test
  void aPublishFindsAHeadThatWentBack() {
    cli.redis.hset(keys.meta(NEWS), Map.of("offset", "3", "id", "x"));

    Published after = b.publish(NEWS, "6");

    assertThat(after.position().epoch()).isNotEqualTo(epoch());
    assertThat(after.position().offset()).isEqualTo(1);
    await().until(() -> a.listener.doubtful.contains(NEWS));
  }

  @Test
  void aReadFindsAHeadThatWentBack() {
    cli.redis.hset(keys.meta(NEWS), Map.of("offset", "3", "id", "x"));
    assertNewEpoch(a.read(NEWS, seen(4)));
  }

  @Test
  void aReadFindsAnotherMessageAtTheHead() {
    cli.redis.hset(keys.meta(NEWS), "id", "another");
    assertNewEpoch(a.read(NEWS, seen(4)));
  }

  @Test
  void aReadFindsAnotherMessageBehindTheHead() {
    Seen third = seen(2);
    assertNewEpoch(a.read(NEWS, new Seen(third.position(), "another")));
  }

  @Test
  void aReadThatIsCutStillFindsAnotherMessageWhereItStood() {
    RelayConfig small =
        TestConfig.withLog(
            config,
            new RelayConfig.Log(1_000, config.log().age(), 300, config.log().idempotencyTtl()));
    try (TestNode node = TestNode.connected(small)) {
      assertThat(node.read(NEWS, seen(0)).newest()).hasSizeLessThan(4);
      assertThat(node.read(NEWS, seen(0)).head().epoch()).isEqualTo(epoch());
      assertNewEpoch(node.read(NEWS, new Seen(seen(0).position(), "another")));
    }
  }

  @Test
  void aReadOfAnotherEpochChangesNothing() {
    StreamSlice slice = a.read(NEWS, new Seen(new StreamPosition("other", 77), "x"));

    assertThat(slice.head().epoch()).isEqualTo(epoch());
    assertThat(slice.newest()).hasSize(5);
    assertThat(a.observer.epochs).hasValue(0);
  }

  @Test
  void whoLostTheLastMessageIsToldByTheHeads() {
    HeadCheck check = new HeadCheck(a.shards, keys);
    Followed stream = new Followed(NEWS, new byte[0]);
    stream.saw(seen(4).position(), seen(4).id());
    assertNothingDoubted(check, stream);

    Followed behind = new Followed(NEWS, new byte[0]);
    behind.saw(seen(3).position(), seen(3).id());
    check.check(List.of(behind), a.listener::doubtful);
    await().until(() -> a.listener.doubtful.contains(NEWS));
  }

  @Test
  void anEndedChannelIsToldOnceAndForgetsItsKeys() {
    Outcome<Published> first = a.publish(NEWS, "6", "key");
    TestNode.get(a.relay.end(NEWS));

    await().until(() -> a.listener.ended.contains(NEWS) && b.listener.ended.contains(NEWS));
    Outcome<Published> second = b.publish(NEWS, "6", "key");
    assertThat(second).isNotEqualTo(first).isInstanceOf(Outcome.Done.class);
    assertThat(a.read(NEWS, null).newest()).hasSize(1);
  }

  @Test
  void aDeletedChannelThatItsNodeLeftIsEndedByAnotherOnceAndOnlyIfItWasLeft() {
    b.relay.endLeft(NEWS);
    await().until(() -> a.listener.ended.contains(NEWS) && b.listener.ended.contains(NEWS));
    a.relay.endLeft(NEWS); // may not know the new epoch yet
    StreamPosition head = b.publish(NEWS, "6").position(); // used again, declared or not
    await().until(() -> a.listener.arrivals.size() == 6 && b.listener.arrivals.size() == 6);
    see(a, head);
    a.relay.endLeft(NEWS);

    assertThat(a.publish(NEWS, "7").position())
        .isEqualTo(new StreamPosition(head.epoch(), head.offset() + 1));
    await().until(() -> a.listener.arrivals.size() == 7 && b.listener.arrivals.size() == 7);
    assertThat(a.listener.ended).hasSize(1);
    assertThat(b.listener.ended).hasSize(1);
  }

  private static void see(TestNode node, StreamPosition head) {
    assertThat(node.read(NEWS, null).head()).isEqualTo(head);
  }

  private void assertNothingDoubted(HeadCheck check, Followed stream) {
    AtomicInteger doubts = new AtomicInteger();
    check.check(List.of(stream), _ -> doubts.incrementAndGet());
    TestNode.get(a.relay.streams().head(NEWS)); // behind it on the same connection
    assertThat(doubts).hasValue(0);
  }

  private void assertNewEpoch(StreamSlice slice) {
    assertThat(slice.head().epoch()).isNotEqualTo(epoch());
    assertThat(slice.head().offset()).isZero();
    assertThat(slice.newest()).isEmpty();
    await().until(() -> a.listener.doubtful.contains(NEWS) && b.listener.doubtful.contains(NEWS));
    assertThat(cli.redis.exists(keys.stream(NEWS))).isZero();
  }

  private String epoch() {
    return a.listener.arrivals.getFirst().publication().position().epoch();
  }

  private Seen seen(int index) {
    var publication = a.listener.arrivals.get(index).publication();
    return new Seen(publication.position(), publication.id());
  }
}
