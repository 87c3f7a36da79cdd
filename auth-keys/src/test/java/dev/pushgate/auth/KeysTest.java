package dev.pushgate.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pushgate.auth.KeyStore.Revocation;
import dev.pushgate.core.store.StoreUnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class KeysTest {
  private final TwoApps apps = new TwoApps();
  private final Keys keys = apps.keys;

  @Test
  void aNewKeyWorksAtOnce() {
    NewKey made = TwoApps.done(keys.create(TwoApps.OTHER, KeyKind.SECRET, "mine", null));
    Principal holder = apps.authenticated(made.text().reveal());
    assertThat(holder.app()).isEqualTo(TwoApps.OTHER);
    assertThat(holder.keyId()).isEqualTo(made.key().id());
    assertThat(made.isKnown()).isTrue();
    assertThat(made.key().label()).isEqualTo("mine");
    assertThat(made.key().createdAt()).isEqualTo(TwoApps.NOW);
    assertThat(made.toString()).doesNotContain(made.text().reveal());
  }

  @Test
  void keysAreListedNewestFirstRevokedOnesIncluded() {
    apps.clock.advance(Duration.ofSeconds(1));
    NewKey older = TwoApps.done(keys.create(TwoApps.ACME, KeyKind.SECRET, "older", null));
    apps.clock.advance(Duration.ofSeconds(1));
    NewKey newer = TwoApps.done(keys.create(TwoApps.ACME, KeyKind.PUBLISH, "newer", null));
    TwoApps.done(keys.revoke(TwoApps.ACME, newer.key().id()));
    assertThat(keys.list(TwoApps.ACME))
        .extracting(ApiKey::label)
        .containsExactly("newer", "older", "first", "first", "first");
    assertThat(keys.list(TwoApps.ACME).getFirst().revokedAt()).isEqualTo(apps.clock.instant());
    assertThat(keys.list(TwoApps.ACME).get(1)).isEqualTo(older.key());
  }

  @Test
  void answersOfTheStoreAreHandedOn() {
    String id = apps.keyOf(apps.publishKey).id();
    assertThat(revoked(id)).isEqualTo(Revocation.REVOKED);
    assertThat(revoked(id)).isEqualTo(Revocation.WAS_REVOKED);
    assertThat(revoked("none")).isEqualTo(Revocation.NOT_FOUND);
    assertThat(revoked(apps.keyOf(apps.managementKey).id()))
        .isEqualTo(Revocation.LAST_MANAGEMENT_KEY);
    assertThat(apps.authenticated(apps.managementKey.reveal()).app()).isEqualTo(TwoApps.ACME);
  }

  @Test
  void aKeyOfAnotherAppCannotBeRevoked() {
    String id = apps.keyOf(apps.publishKey).id();
    assertThat(TwoApps.done(keys.revoke(TwoApps.OTHER, id))).isEqualTo(Revocation.NOT_FOUND);
    assertThat(apps.authenticated(apps.publishKey.reveal()).app()).isEqualTo(TwoApps.ACME);
  }

  @Test
  void othersAreToldOfEveryChangeThatMayHaveHappened() {
    NewKey made = TwoApps.done(keys.create(TwoApps.ACME, KeyKind.SECRET, "told", null));
    assertThat(apps.told).hasValue(1);
    TwoApps.done(keys.revoke(TwoApps.ACME, made.key().id()));
    assertThat(apps.told).hasValue(2);
    apps.store.setAway(true);
    assertThatThrownBy(() -> TwoApps.done(keys.create(TwoApps.ACME, KeyKind.SECRET, "lost", null)))
        .hasCauseInstanceOf(StoreUnavailableException.class);
    assertThat(apps.told).hasValue(3);
  }

  @Test
  void aKeyIsNotMadeWhileTheStoreIsAway() {
    apps.store.setAway(true);
    assertThatThrownBy(() -> TwoApps.done(keys.create(TwoApps.ACME, KeyKind.SECRET, "lost", null)))
        .hasCauseInstanceOf(StoreUnavailableException.class);
    assertThat(keys.list(TwoApps.ACME)).hasSize(3);
  }

  @Test
  void aKeyThatWasMadeIsGivenOutAlsoWhenTheStoreGoesAwayBehindIt() {
    apps.store.hold();
    CompletableFuture<NewKey> making =
        keys.create(TwoApps.ACME, KeyKind.SECRET, "made", null).toCompletableFuture();
    apps.store.setAway(true);
    apps.store.release();
    assertThat(TwoApps.done(making).isKnown()).isFalse();
    String text = TwoApps.done(making).text().reveal();
    assertThat(apps.refused(text)).isNotEmpty();
    apps.store.setAway(false);
    TwoApps.done(apps.directory.refresh());
    assertThat(apps.authenticated(text).app()).isEqualTo(TwoApps.ACME);
  }

  @Test
  void aRevocationThatThisProcessCouldNotSeeIsNoSuccess() {
    String id = apps.keyOf(apps.publishKey).id();
    apps.store.hold();
    CompletableFuture<Revocation> revoking = keys.revoke(TwoApps.ACME, id).toCompletableFuture();
    apps.store.setAway(true);
    apps.store.release();
    assertThatThrownBy(() -> TwoApps.done(revoking))
        .hasCauseInstanceOf(StoreUnavailableException.class);
    apps.store.setAway(false);
    assertThat(revoked(id)).isEqualTo(Revocation.WAS_REVOKED);
    assertThat(apps.refused(apps.publishKey.reveal())).isNotEmpty();
  }

  @Test
  void whoeverMakesOrRevokesAKeySeesItAlsoAmongManyOthers() {
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<CompletableFuture<Void>> all = new ArrayList<>();
      for (int thread = 0; thread < 8; thread++) {
        all.add(CompletableFuture.runAsync(this::makeAndRevokeKeys, threads));
      }
      all.forEach(TwoApps::done);
    }
    assertThat(keys.list(TwoApps.OTHER)).hasSize(400);
    assertThat(apps.store.loads()).isLessThanOrEqualTo(801);
  }

  private void makeAndRevokeKeys() {
    for (int i = 0; i < 50; i++) {
      NewKey made = TwoApps.done(keys.create(TwoApps.OTHER, KeyKind.SECRET, "", null));
      Principal holder = apps.authenticated(made.text().reveal());
      TwoApps.done(keys.revoke(TwoApps.OTHER, made.key().id()));
      assertThat(apps.directory.isLive(holder)).isFalse();
    }
  }

  private Revocation revoked(String id) {
    return TwoApps.done(keys.revoke(TwoApps.ACME, id));
  }
}
