package dev.pushgate.gateway.relay.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.publication.Published;
import dev.pushgate.core.relay.Seen;
import dev.pushgate.core.relay.StreamSlice;
import dev.pushgate.gateway.testing.TcpProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// The contract for when Redis is down, slow or half dead. Node `a` reaches it through a proxy, `b`
/// straight.
class RelayFaultIT extends ProxiedScene {
  private static final Duration BOUND = Duration.ofSeconds(30);

  @Test
  void aKilledRedisRefusesAtOnceAndItsEmptyReturnIsANewEpoch() {
    b.follow(NEWS);
    Published before = b.publish(NEWS, "1");
    await().until(() -> b.listener.arrivals.size() == 1);
    redis.kill();
    await().until(() -> !b.shards.all().getFirst().isUp());

    assertUnavailable(b.begin(NEWS, "2"));
    assertThat(b.beginRead(NEWS, null).toCompletableFuture())
        .failsWithin(BOUND.toMillis(), TimeUnit.MILLISECONDS);

    redis.launch();
    await().until(() -> b.confirmations(NEWS) >= 2 && b.shards.all().getFirst().isUp());
    StreamSlice slice = b.read(NEWS, new Seen(before.position(), before.id()));
    assertThat(slice.head().epoch()).isNotEqualTo(before.position().epoch());
    assertThat(slice.head().offset()).isZero();
    assertThat(b.publish(NEWS, "3").position()).isEqualTo(slice.head().withOffset(1));
    await().until(() -> b.listener.data().equals(List.of("1", "3")));
  }

  @Test
  void aReadThatFailedIsFollowedByAConfirmation() {
    a.follow(NEWS);
    unreachable();
    assertThat(a.beginRead(NEWS, null).toCompletableFuture())
        .failsWithin(BOUND.toMillis(), TimeUnit.MILLISECONDS);

    proxy.mode(TcpProxy.Mode.PASS);
    await().until(() -> a.confirmations(NEWS) >= 2);
    await().until(a.shards.all().getFirst()::isUp); // commands have a connection of their own
    assertThat(a.read(NEWS, null).head().offset()).isZero();
  }

  @Test
  void whatAPausedRedisWasSentIsRefusedInTimeAndNotCarriedOutLater() {
    b.publish(NEWS, "0");
    redis.pause();
    List<CompletionStage<Outcome<Published>>> refused = new ArrayList<>();
    for (int i = 1; i <= 200; i++) {
      refused.add(b.begin(NEWS, "" + i, i % 2 == 0 ? "key" + i : null));
    }
    refused.forEach(this::assertUnavailable);

    redis.resume();
    await().until(b.shards.all().getFirst()::isUp);
    b.publish(NEWS, "\"after\"");
    assertThat(data(b.read(NEWS, null))).containsExactly("0", "\"after\"");
  }

  @Test
  void aShortPauseIsSurvived() {
    b.follow(NEWS);
    redis.pause();
    CompletionStage<Outcome<Published>> waiting = b.begin(NEWS, "1");
    redis.resume();
    assertThat(TestNode.get(waiting)).isInstanceOf(Outcome.Done.class);
    await().until(() -> b.listener.data().equals(List.of("1")));
  }

  @Test
  void anAnswerThatWasLostIsGivenAgainUnderItsKeyAndDeliveredOnce() {
    b.follow(NEWS);
    proxy.mode(TcpProxy.Mode.SWALLOW_ANSWERS);
    CompletionStage<Outcome<Published>> lost = a.begin(NEWS, "1", "key");
    await().until(() -> b.listener.arrivals.size() == 1);
    proxy.cut();
    assertUnavailable(lost);

    proxy.mode(TcpProxy.Mode.PASS);
    await().until(a.shards.all().getFirst()::isUp);
    Outcome<Published> again = a.publish(NEWS, "1", "key");

    Publication heard = b.listener.arrivals.getFirst().publication();
    assertThat(again).isEqualTo(Outcome.done(Published.of(heard, 3)));
    b.publish(NEWS, "2");
    await().until(() -> b.listener.data().contains("2"));
    assertThat(b.listener.data()).containsExactly("1", "2");
  }

  @Test
  void aConnectionThatBreaksUnderWayIsToldOnlyWhenItsPublishCanNotHappenAnyMore() {
    proxy.mode(TcpProxy.Mode.FREEZE);
    long begun = System.nanoTime();
    CompletionStage<Outcome<Published>> lost = a.begin(NEWS, "1");
    proxy.cut();
    await().until(() -> !a.shards.all().getFirst().isUp());
    assertUnavailable(lost);

    assertThat(Duration.ofNanos(System.nanoTime() - begun))
        .isGreaterThanOrEqualTo(TestConfig.TIMEOUT);
  }

  @Test
  void whatArrivesAtRedisAfterItsDeadlineIsNotCarriedOut() {
    b.follow(NEWS);
    proxy.mode(TcpProxy.Mode.FREEZE);
    assertUnavailable(a.begin(NEWS, "1"));
    proxy.mode(TcpProxy.Mode.PASS); // what was held arrives now

    await().until(a.shards.all().getFirst()::isUp);
    a.publish(NEWS, "2");
    await().until(() -> b.listener.data().contains("2"));
    assertThat(b.listener.data()).containsExactly("2");
  }

  @Test
  void aMuteRedisIsGivenUpAndDialledWithPauses() {
    a.follow(NEWS);
    proxy.mode(TcpProxy.Mode.SWALLOW_ANSWERS);
    await().until(() -> !a.shards.all().getFirst().isUp());
    int dialled = a.observer.dials.get();
    long since = System.nanoTime();
    assertUnavailable(a.begin(NEWS, "1"));
    await().until(() -> System.nanoTime() - since > 1_500_000_000L);
    assertThat(a.observer.dials.get() - dialled).isLessThan(8);

    proxy.cut();
    proxy.mode(TcpProxy.Mode.PASS);
    await().until(() -> a.shards.all().getFirst().isUp() && a.confirmations(NEWS) >= 2);
    a.publish(NEWS, "2");
    await().until(() -> a.listener.data().contains("2"));
  }

  @Test
  void aSlowRedisIsSlowAndNothingElse() {
    a.follow(NEWS);
    proxy.delayMs(100);
    List<CompletionStage<Outcome<Published>>> answers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      answers.add(a.begin(NEWS, "" + i));
    }
    answers.forEach(answer -> assertThat(TestNode.get(answer)).isInstanceOf(Outcome.Done.class));
    await().until(() -> a.listener.arrivals.size() == 50);
  }

  @Test
  void underLoadAKillLosesNothingThatWasAnsweredWithoutANewEpoch() {
    b.follow(NEWS);
    List<CompletionStage<Outcome<Published>>> answers = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      answers.add(b.begin(NEWS, "" + i));
      if (i == 1_000) {
        redis.kill();
      }
    }
    Set<String> done = new HashSet<>();
    int refused = 0;
    for (CompletionStage<Outcome<Published>> answer : answers) {
      switch (TestNode.get(answer)) {
        case Outcome.Done<Published>(var published) -> done.add(published.id());
        case Outcome.Refused<Published> no -> {
          assertThat(no.refusal()).isEqualTo(Refusal.RELAY_UNAVAILABLE);
          refused++;
        }
      }
    }
    assertThat(done.size() + refused).isEqualTo(2_000);
    assertThat(refused).isGreaterThan(900);
    redis.launch();
    await().until(() -> b.confirmations(NEWS) >= 2 && b.shards.all().getFirst().isUp());
    assertThat(b.publish(NEWS, "\"after\"").position().offset()).isEqualTo(1);
  }

  @Test
  void anEndIsRetriedUntilItIsTold() {
    b.follow(NEWS);
    a.publish(NEWS, "1");
    proxy.mode(TcpProxy.Mode.REFUSE);
    proxy.cut();
    CompletionStage<Void> end = a.relay.end(NEWS);
    assertThat(end.toCompletableFuture()).as("nobody waits for it").succeedsWithin(BOUND);
    assertThat(b.listener.ended).isEmpty();

    proxy.mode(TcpProxy.Mode.PASS);
    await().until(() -> b.listener.ended.contains(NEWS));
  }

  private void assertUnavailable(CompletionStage<Outcome<Published>> answer) {
    assertThat(answer.toCompletableFuture())
        .succeedsWithin(BOUND)
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.refusal()).isEqualTo(Refusal.RELAY_UNAVAILABLE));
  }

  private static List<String> data(StreamSlice slice) {
    return slice.newest().stream().map(one -> new String(one.data(), TestNode.UTF_8)).toList();
  }
}
