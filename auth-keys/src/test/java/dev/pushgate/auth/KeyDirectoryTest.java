package dev.pushgate.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pushgate.core.name.AppId;
import dev.pushgate.core.store.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class KeyDirectoryTest {
  private final TwoApps apps = new TwoApps();
  private final KeyDirectory directory = apps.directory;

  @Test
  void keysAreFoundByTextAndId() {
    ApiKey key = directory.byText(apps.secretKey.reveal()).orElseThrow();
    assertThat(key.kind()).isEqualTo(KeyKind.SECRET);
    assertThat(directory.byId(key.id())).contains(key);
    assertThat(directory.byId("none")).isEmpty();
    assertThat(directory.byText(apps.secretKey.reveal() + "x")).isEmpty();
    assertThat(directory.byText(key.hash())).isEmpty();
  }

  @Test
  void appsAndTheirKeysAreFoundById() {
    assertThat(directory.app(TwoApps.ACME)).contains(apps.acme);
    assertThat(directory.app(new AppId("none"))).isEmpty();
    assertThat(directory.keysOf(TwoApps.ACME)).hasSize(3);
    assertThat(directory.keysOf(TwoApps.OTHER)).isEmpty();
    assertThat(directory.keysOf(new AppId("none"))).isEmpty();
  }

  @Test
  void nothingIsKnownBeforeTheFirstRefresh() {
    KeyDirectory fresh = new KeyDirectory(apps.store, apps.clock);
    assertThat(fresh.byText(apps.secretKey.reveal())).isEmpty();
    TwoApps.done(fresh.refresh());
    assertThat(fresh.byText(apps.secretKey.reveal())).isPresent();
  }

  @Test
  void whatAnotherProcessChangedIsSeenAfterTheNextRefresh() {
    Principal browser = apps.authenticated(apps.publishKey.reveal());
    ApiKey made =
        KeyText.describe(TwoApps.OTHER, KeyText.generate(KeyKind.PUBLISH), "", TwoApps.NOW, null);
    TwoApps.done(apps.store.createKey(made));
    apps.store.revokeKey(TwoApps.ACME, apps.keyOf(apps.publishKey).id(), TwoApps.NOW);
    assertThat(directory.byId(made.id())).isEmpty();
    assertThat(directory.isLive(browser)).isTrue();
    TwoApps.done(directory.refresh());
    assertThat(directory.byId(made.id())).contains(made);
    assertThat(directory.isLive(browser)).isFalse();
  }

  @Test
  void nothingIsLoadedWhileNothingChanges() {
    int loads = apps.store.loads();
    int questions = apps.store.questions();
    TwoApps.done(directory.refresh());
    TwoApps.done(directory.refresh());
    assertThat(apps.store.loads()).isEqualTo(loads);
    assertThat(apps.store.questions()).isEqualTo(questions + 2);
  }

  @Test
  void whileTheStoreIsAwayTheLastSnapshotStands() {
    apps.store.setAway(true);
    assertThatThrownBy(() -> TwoApps.done(directory.refresh()))
        .hasCauseInstanceOf(StoreUnavailableException.class);
    assertThat(apps.authenticated(apps.secretKey.reveal()).app()).isEqualTo(TwoApps.ACME);
    assertThat(directory.app(TwoApps.ACME)).isPresent();
    apps.store.setAway(false);
    TwoApps.done(apps.keys.create(TwoApps.ACME, KeyKind.SECRET, "", null));
    assertThat(directory.keysOf(TwoApps.ACME)).hasSize(4);
  }

  @Test
  void aStoreThatThrowsInsteadOfAnsweringDoesNotStopLaterRefreshes() {
    AtomicInteger calls = new AtomicInteger();
    RefreshRounds rounds =
        new RefreshRounds(
            () -> {
              if (calls.incrementAndGet() == 1) {
                throw new IllegalStateException("a bug");
              }
              return CompletableFuture.completedStage(null);
            });
    assertThatThrownBy(() -> TwoApps.done(rounds.ask()))
        .hasCauseInstanceOf(IllegalStateException.class);
    TwoApps.done(rounds.ask());
    assertThat(calls).hasValue(2);
  }

  @Test
  void refreshesAtTheSameTimeShareTheirQuestions() {
    int questions = apps.store.questions();
    apps.store.hold();
    CompletableFuture<Void> first = directory.refresh().toCompletableFuture();
    CompletableFuture<Void> second = directory.refresh().toCompletableFuture();
    CompletableFuture<Void> third = directory.refresh().toCompletableFuture();
    assertThat(apps.store.questions()).isEqualTo(questions + 1);
    apps.store.release();
    assertThat(first).isCompleted();
    assertThat(second).isCompleted();
    assertThat(third).isCompleted();
    assertThat(apps.store.questions()).isEqualTo(questions + 2);
  }

  @Test
  void aRefreshSeesWhatWasChangedBeforeItAlsoWhileAnotherRuns() {
    apps.store.hold();
    CompletableFuture<Void> running = directory.refresh().toCompletableFuture();
    apps.store.revokeKey(TwoApps.ACME, apps.keyOf(apps.publishKey).id(), TwoApps.NOW);
    CompletableFuture<Void> mine = directory.refresh().toCompletableFuture();
    assertThat(running).isNotDone();
    assertThat(mine).isNotDone();
    apps.store.release();
    assertThat(mine).isCompleted();
    assertThat(apps.keyOf(apps.publishKey).revokedAt()).isEqualTo(TwoApps.NOW);
  }

  @Test
  void listenersHearOfEachChangeOnceAndSeeIt() {
    AtomicInteger keysSeen = new AtomicInteger();
    AtomicInteger changes = new AtomicInteger();
    directory.onChange(
        () -> {
          throw new IllegalStateException("must not keep others from hearing");
        });
    directory.onChange(
        () -> {
          changes.incrementAndGet();
          keysSeen.set(directory.keysOf(TwoApps.OTHER).size());
        });
    TwoApps.done(directory.refresh());
    assertThat(changes).hasValue(0);
    TwoApps.done(apps.keys.create(TwoApps.OTHER, KeyKind.PUBLISH, "", null));
    assertThat(changes).hasValue(1);
    assertThat(keysSeen).hasValue(1);
  }

  @Test
  void aUseIsNotedOnceAMinuteAndDrainedOnce() {
    ApiKey key = apps.keyOf(apps.secretKey);
    directory.used(key);
    apps.clock.advance(Duration.ofSeconds(59));
    directory.used(key);
    assertThat(directory.drainUses()).isEqualTo(Map.of(key.id(), TwoApps.NOW));
    directory.used(key);
    assertThat(directory.drainUses()).isEmpty();
    apps.clock.advance(Duration.ofSeconds(1));
    directory.used(key);
    assertThat(directory.drainUses()).isEqualTo(Map.of(key.id(), TwoApps.NOW.plusSeconds(60)));
  }

  @Test
  void lastUsesAreShownAsSeenHereOrInTheStoreWhicheverIsLater() {
    ApiKey secret = apps.keyOf(apps.secretKey);
    directory.used(secret);
    assertThat(lastUses()).containsEntry(secret.id(), TwoApps.NOW);
    TwoApps.done(apps.store.touch(Map.of(secret.id(), TwoApps.NOW.plusSeconds(300))));
    TwoApps.done(apps.keys.create(TwoApps.OTHER, KeyKind.PUBLISH, "", null));
    assertThat(lastUses()).containsEntry(secret.id(), TwoApps.NOW.plusSeconds(300));
  }

  private Map<String, Instant> lastUses() {
    Map<String, Instant> uses = new HashMap<>();
    for (ApiKey key : directory.keysOf(TwoApps.ACME)) {
      if (key.lastUsedAt() != null) {
        uses.put(key.id(), key.lastUsedAt());
      }
    }
    return uses;
  }
}
