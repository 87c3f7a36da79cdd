package dev.pushgate.gateway.relay.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.auth.Secret;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.publication.Published;
import dev.pushgate.core.relay.Seen;
import dev.pushgate.core.relay.StreamSlice;
import dev.pushgate.gateway.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What the relay owes, over a real Redis and two nodes.
class RedisRelayIT {
  private static final ChannelKey NEWS = TestNode.channel("news");

  private final RelayConfig config =
      TestConfig.patient(TestConfig.of(TestRedis.freshPrefix(), TestRedis.url()));
  private final RelayKeys keys = new RelayKeys(config.prefix());
  private final TestNode a = TestNode.connected(config);
  private final TestNode b = TestNode.connected(config);
  private final RedisCli cli = RedisCli.shared();

  @AfterEach
  void close() {
    a.close();
    b.close();
    cli.close();
  }

  @Test
  void allNodesHearAllInOneOrderWithOffsetsFromOne() {
    a.follow(NEWS);
    b.follow(NEWS);

    List.of(a, b).forEach(node -> IntStream.range(0, 200).forEach(i -> node.begin(NEWS, "" + i)));

    await().until(() -> a.listener.arrivals.size() == 400 && b.listener.arrivals.size() == 400);
    assertThat(a.listener.offsets())
        .isEqualTo(LongStream.rangeClosed(1, 400).boxed().toList())
        .isEqualTo(b.listener.offsets());
    assertThat(a.listener.data()).isEqualTo(b.listener.data());
    for (int i = 1; i < 400; i++) {
      assertThat(a.listener.arrivals.get(i).previousId())
          .isEqualTo(a.listener.arrivals.get(i - 1).publication().id());
    }
    assertThat(a.listener.arrivals.getFirst().previousId()).isEmpty();
  }

  @Test
  void anAnswerSaysWhatMembersGet() {
    b.follow(NEWS);
    Published answer = a.publish(NEWS, "{\"ä\":1}");

    await().until(() -> b.listener.arrivals.size() == 1);
    Publication heard = b.listener.arrivals.getFirst().publication();
    assertThat(Published.of(heard, 3)).isEqualTo(answer);
    assertThat(new String(heard.data(), TestNode.UTF_8)).isEqualTo("{\"ä\":1}");
  }

  @Test
  void aRepeatedKeyGetsTheFirstAnswerAndDeliversNothing() {
    a.follow(NEWS);
    Outcome<Published> first = a.publish(NEWS, "1", "key");
    a.subscribers = 99;

    assertThat(a.publish(NEWS, "1", "key")).isEqualTo(first);
    assertThat(b.publish(NEWS, "1", "key")).isEqualTo(first);
    a.publish(NEWS, "2");
    await().until(() -> a.listener.arrivals.size() == 2);
    assertThat(a.listener.data()).containsExactly("1", "2");
  }

  @Test
  void anotherMessageUnderAKeyIsAConflict() {
    a.publish(NEWS, "1", "key");

    assertThat(b.publish(NEWS, "2", "key"))
        .isEqualTo(
            Outcome.refused(
                Refusal.CONFLICT, "This idempotency key was used with another message"));
    assertThat(a.publish(TestNode.channel("other"), "2", "key")).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void aKeyIsForgottenInTime() {
    a.publish(NEWS, "1", "key");
    String answer = keys.answer(NEWS, "key");
    assertThat(cli.redis.pttl(answer)).isBetween(1L, Duration.ofMinutes(5).toMillis());

    cli.redis.pexpire(answer, 1);
    await().until(() -> cli.redis.exists(answer) == 0);
    assertThat(a.publish(NEWS, "2", "key")).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void aStreamKeepsNoMoreThanItsLogMay() {
    RelayConfig small =
        TestConfig.withLog(
            config, new RelayConfig.Log(10, Duration.ofMinutes(5), 1 << 20, Duration.ofMinutes(5)));
    try (TestNode node = TestNode.connected(small)) {
      IntStream.rangeClosed(1, 25).forEach(i -> node.publish(NEWS, "" + i));

      StreamSlice slice = node.read(NEWS, null);
      assertThat(slice.head().offset()).isEqualTo(25);
      assertThat(offsets(slice)).isEqualTo(LongStream.rangeClosed(16, 25).boxed().toList());
      assertThat(cli.redis.xlen(keys.stream(NEWS))).isEqualTo(10);
      assertThat(cli.redis.pttl(keys.stream(NEWS))).isPositive();
      assertThat(cli.redis.pttl(keys.meta(NEWS))).isGreaterThan(Duration.ofHours(1).toMillis());
    }
  }

  @Test
  void whatIsTooOldIsNotRead() {
    a.publish(NEWS, "1");
    RelayConfig brief =
        TestConfig.withLog(
            config, new RelayConfig.Log(10, Duration.ofMillis(1), 1 << 20, Duration.ofMinutes(5)));
    try (TestNode node = TestNode.connected(brief)) {
      await().until(() -> node.read(NEWS, null).newest().isEmpty());
      assertThat(node.read(NEWS, null).head().offset()).isEqualTo(1);
    }
  }

  @Test
  void aReadBringsWhatIsNewerThanSeen() {
    Published first = a.publish(NEWS, "1");
    IntStream.rangeClosed(2, 150).forEach(i -> a.publish(NEWS, "" + i));

    StreamSlice slice = b.read(NEWS, new Seen(first.position(), first.id()));

    assertThat(slice.head()).isEqualTo(first.position().withOffset(150));
    assertThat(offsets(slice)).isEqualTo(LongStream.rangeClosed(2, 150).boxed().toList());
    assertThat(slice.headId()).isEqualTo(slice.newest().getLast().id());
    assertThat(b.read(NEWS, new Seen(slice.head(), slice.headId())).newest()).isEmpty();
    assertThat(offsets(b.read(NEWS, null))).hasSize(150);
    assertThat(b.observer.epochs).hasValue(0);
  }

  @Test
  void aReadIsCutToItsBytesAtTheOldEnd() {
    RelayConfig small =
        TestConfig.withLog(
            config,
            new RelayConfig.Log(1_000, Duration.ofMinutes(5), 2_000, Duration.ofMinutes(5)));
    try (TestNode node = TestNode.connected(small)) {
      Published first = node.publish(NEWS, "1");
      String big = "\"" + "x".repeat(500) + "\"";
      IntStream.rangeClosed(2, 10).forEach(_ -> node.publish(NEWS, big));

      StreamSlice slice = node.read(NEWS, new Seen(first.position(), first.id()));
      assertThat(offsets(slice)).containsExactly(8L, 9L, 10L);
      assertThat(slice.head()).isEqualTo(first.position().withOffset(10));
    }
  }

  @Test
  void aChannelThatNobodyPublishedToHasAnEpochThatLastsWhileItIsRead() {
    StreamSlice first = a.read(NEWS, null);
    assertThat(first.head().offset()).isZero();
    assertThat(first.headId()).isEmpty();
    assertThat(cli.redis.pttl(keys.meta(NEWS))).isPositive();

    cli.redis.pexpire(keys.meta(NEWS), 5_000);
    assertThat(b.read(NEWS, new Seen(first.head(), ""))).isEqualTo(first);
    assertThat(cli.redis.pttl(keys.meta(NEWS))).isGreaterThan(60_000);
    assertThat(a.publish(NEWS, "1").position()).isEqualTo(first.head().withOffset(1));
  }

  @Test
  void theHeadIsWhereTheStreamStands() {
    assertThat(TestNode.get(a.relay.streams().head(NEWS))).isEmpty();
    Published published = b.publish(NEWS, "1");
    assertThat(TestNode.get(a.relay.streams().head(NEWS))).contains(published.position());
  }

  @Test
  void twoPrefixesOnOneRedisNeverMeet() {
    RelayConfig other = TestConfig.of(TestRedis.freshPrefix(), TestRedis.url());
    try (TestNode stranger = TestNode.connected(other)) {
      a.follow(NEWS);
      stranger.follow(NEWS);
      stranger.publish(NEWS, "\"stranger\"", "key");
      a.publish(NEWS, "\"a\"", "key");

      await().until(() -> !a.listener.arrivals.isEmpty());
      assertThat(a.listener.data()).containsExactly("\"a\"");
      assertThat(stranger.listener.data()).containsExactly("\"stranger\"");
    }
  }

  @Test
  void whatIsNotOfThisClustersSecretIsDroppedAndCounted() {
    a.follow(NEWS);
    try (TestNode liar =
        TestNode.connected(TestConfig.withSecret(config, new Secret("another secret")))) {
      liar.publish(NEWS, "\"lie\"");
      a.publish(NEWS, "\"truth\"");

      await().until(() -> !a.listener.arrivals.isEmpty());
      assertThat(a.listener.data()).containsExactly("\"truth\"");
      assertThat(a.observer.drops).containsEntry(RelayObserver.Drop.SECRET, 1);
      assertThat(offsets(a.read(NEWS, null))).containsExactly(2L);
    }
  }

  @Test
  void rubbishIsDroppedAndCounted() {
    a.follow(NEWS);
    cli.redis.publish(keys.channel(NEWS), "rubbish");
    await().until(() -> a.observer.drops.containsKey(RelayObserver.Drop.SHAPE));
    assertThat(a.listener.arrivals).isEmpty();
  }

  @Test
  void anArrivalWithoutRoomIsOwedAReading() {
    a.follow(NEWS);
    a.listener.room = false;
    b.publish(NEWS, "1");

    await().until(() -> a.listener.missed.equals(List.of(NEWS)));
    assertThat(a.confirmations(NEWS)).isEqualTo(1);
    assertThat(a.observer.drops).containsEntry(RelayObserver.Drop.NO_ROOM, 1);
  }

  @Test
  void whatIsNotFollowedAnyMoreDoesNotCome() {
    a.follow(NEWS);
    b.follow(NEWS);
    a.relay.streams().unfollow(NEWS);
    String channel = keys.channel(NEWS);
    await().until(() -> cli.redis.pubsubNumsub(channel).equals(Map.of(channel, 1L)));
    b.publish(NEWS, "1");
    await().until(() -> b.listener.arrivals.size() == 1);
    assertThat(a.listener.arrivals).isEmpty();
  }

  private static List<Long> offsets(StreamSlice slice) {
    return slice.newest().stream().map(Publication::offset).toList();
  }
}
