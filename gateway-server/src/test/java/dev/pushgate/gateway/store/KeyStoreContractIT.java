package dev.pushgate.gateway.store;

import static dev.pushgate.gateway.store.Samples.apiKey;
import static dev.pushgate.gateway.store.Samples.app;
import static dev.pushgate.gateway.store.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.auth.ApiKey;
import dev.pushgate.auth.App;
import dev.pushgate.auth.App.SigningSecret;
import dev.pushgate.auth.AppChange;
import dev.pushgate.auth.KeyKind;
import dev.pushgate.auth.KeyStore;
import dev.pushgate.auth.KeyStore.Revocation;
import dev.pushgate.core.name.AppId;
import dev.pushgate.gateway.store.dialect.StoreConfig;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Backend.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // by open(), before each run over a backend
class KeyStoreContractIT {
  private static final Instant NOW = Instant.ofEpochMilli(Samples.CREATED_MS + 1_000_000);

  /// Only tells JUnit to look for no constructor: it is set too late for [#open], which is given
  /// the backend.
  @Parameter Backend parameter = Backend.SQLITE;

  private SqlStore node;
  private SqlStore tool;
  private KeyStore keys;

  @BeforeParameterizedClassInvocation
  void open(Backend backend, @TempDir Path directory) {
    StoreConfig config = backend.fresh(directory, Backend.PATIENT);
    node = SqlStore.open(config, Clock.systemUTC());
    tool = SqlStore.open(Backend.beside(config), Clock.systemUTC());
    keys = node.keys();
  }

  @AfterParameterizedClassInvocation
  void close() {
    tool.close();
    node.close();
  }

  @Test
  void anAppIsLoadedAsItWasMade() {
    App app = app(new AppId("made"));
    ApiKey key =
        new ApiKey(
            "k1", app.id(), KeyKind.SECRET, "ü", "sec_x", "h1", NOW, NOW.plusSeconds(9), NOW, NOW);

    assertThat(await(keys.createApp(app, List.of(key)))).isTrue();

    App loaded = loaded(app.id());
    assertThat(loaded).usingRecursiveComparison().isEqualTo(app);
    assertThat(loaded.signingSecrets())
        .extracting(SigningSecret::kid)
        .containsExactly("new", "old");
    assertThat(key("k1")).isEqualTo(key);
  }

  @Test
  void anAppIsMadeOnceAndASecondTryChangesNothing() {
    AppId id = new AppId("once");
    await(keys.createApp(app(id), List.of()));
    long revision = await(keys.revision());
    ApiKey late = apiKey(id, KeyKind.SECRET);

    assertThat(await(keys.createApp(app(id), List.of(late)))).isFalse();
    assertThat(await(keys.revision())).isEqualTo(revision);
    assertThat(await(keys.load()).keys()).doesNotContain(late);
  }

  @Test
  void anAppsSettingsAreChangedOneByOneAndRaiseTheRevision() {
    App app = app(new AppId("reading"));
    await(keys.createApp(app, List.of()));
    long before = await(tool.keys().revision());
    App expected = loaded(app.id());
    for (AppChange change :
        List.of(
            new AppChange(null, null, true),
            new AppChange(List.of("https://a.example", "https://b.example"), null, null),
            new AppChange(null, !app.undeclaredChannels(), null),
            new AppChange(List.of("*"), app.undeclaredChannels(), false))) {
      expected = change.appliedTo(expected);
      assertThat(await(tool.keys().changeApp(app.id(), change))).isTrue();
      assertThat(loaded(app.id())).usingRecursiveComparison().isEqualTo(expected);
      assertThat(await(keys.revision())).isGreaterThan(before);
      before = await(keys.revision());
    }
    assertThat(await(tool.keys().changeApp(new AppId("nosuch"), new AppChange(null, null, true))))
        .isFalse();
  }

  @Test
  void everyChangeRaisesTheRevisionForOtherProcesses() {
    AppId id = new AppId("revised");
    long before = await(tool.keys().revision());
    await(keys.createApp(app(id), List.of(apiKey(id, KeyKind.MANAGEMENT))));
    long created = await(tool.keys().revision());
    ApiKey key = apiKey(id, KeyKind.PUBLISH);
    await(keys.createKey(key));
    long keyed = await(tool.keys().revision());
    await(keys.revokeKey(id, key.id(), NOW));
    long revoked = await(tool.keys().revision());

    assertThat(List.of(before, created, keyed, revoked)).isSorted().doesNotHaveDuplicates();
    assertThat(await(tool.keys().load()).revision()).isEqualTo(revoked);
  }

  @Test
  void aToolBesideTheNodeMakesKeysThatTheNodeSees() {
    AppId id = new AppId("tooled");
    ApiKey key = apiKey(id, KeyKind.MANAGEMENT);

    await(tool.keys().createApp(app(id), List.of(key)));

    assertThat(key(key.id())).isEqualTo(key);
  }

  @Test
  void aKeyIsRevokedOnce() {
    AppId id = new AppId("revoking");
    ApiKey key = apiKey(id, KeyKind.SECRET);
    await(keys.createApp(app(id), List.of(key)));

    assertThat(await(keys.revokeKey(id, key.id(), NOW))).isEqualTo(Revocation.REVOKED);
    long revision = await(keys.revision());
    assertThat(await(keys.revokeKey(id, key.id(), NOW.plusSeconds(1))))
        .isEqualTo(Revocation.WAS_REVOKED);

    assertThat(key(key.id()).revokedAt()).isEqualTo(NOW);
    assertThat(await(keys.revision())).isEqualTo(revision);
  }

  @Test
  void aKeyOfAnotherAppIsNotFound() {
    AppId mine = new AppId("mine");
    AppId theirs = new AppId("theirs");
    ApiKey key = apiKey(theirs, KeyKind.SECRET);
    await(keys.createApp(app(mine), List.of()));
    await(keys.createApp(app(theirs), List.of(key)));

    assertThat(await(keys.revokeKey(mine, key.id(), NOW))).isEqualTo(Revocation.NOT_FOUND);
    assertThat(await(keys.revokeKey(new AppId("none"), key.id(), NOW)))
        .isEqualTo(Revocation.NOT_FOUND);
    assertThat(key(key.id()).revokedAt()).isNull();
  }

  @Test
  void theLastLiveManagementKeyStays() {
    AppId id = new AppId("managed");
    ApiKey last = apiKey(id, KeyKind.MANAGEMENT);
    ApiKey expired =
        new ApiKey("exp", id, KeyKind.MANAGEMENT, "", "mgmt_", "h-exp", NOW, NOW, null, null);
    await(keys.createApp(app(id), List.of(last, expired, apiKey(id, KeyKind.SECRET))));

    assertThat(await(keys.revokeKey(id, last.id(), NOW))).isEqualTo(Revocation.LAST_MANAGEMENT_KEY);
    assertThat(await(keys.revokeKey(id, expired.id(), NOW))).isEqualTo(Revocation.REVOKED);
    assertThat(key(last.id()).revokedAt()).isNull();
  }

  @Test
  void ofTheLastTwoManagementKeysOneStaysWhenTwoProcessesRevokeBoth() {
    for (int round = 0; round < 20; round++) {
      AppId id = new AppId("race-" + round);
      ApiKey one = apiKey(id, KeyKind.MANAGEMENT);
      ApiKey other = apiKey(id, KeyKind.MANAGEMENT);
      await(keys.createApp(app(id), List.of(one, other)));

      CompletionStage<Revocation> byNode = keys.revokeKey(id, one.id(), NOW);
      CompletionStage<Revocation> byTool = tool.keys().revokeKey(id, other.id(), NOW);

      assertThat(List.of(await(byNode), await(byTool)))
          .containsExactlyInAnyOrder(Revocation.REVOKED, Revocation.LAST_MANAGEMENT_KEY);
    }
  }

  @Test
  void lastUsesAreWrittenForwardsOnlyAndAreNoRevision() {
    AppId id = new AppId("touched");
    ApiKey one = apiKey(id, KeyKind.SECRET);
    ApiKey other = apiKey(id, KeyKind.SECRET);
    await(keys.createApp(app(id), List.of(one, other)));
    long revision = await(keys.revision());

    await(keys.touch(Map.of(one.id(), NOW, other.id(), NOW, "gone", NOW)));
    await(keys.touch(Map.of(one.id(), NOW.minusSeconds(5), other.id(), NOW.plusSeconds(5))));
    await(keys.touch(Map.of()));

    assertThat(key(one.id()).lastUsedAt()).isEqualTo(NOW);
    assertThat(key(other.id()).lastUsedAt()).isEqualTo(NOW.plusSeconds(5));
    assertThat(await(keys.revision())).isEqualTo(revision);
  }

  @Test
  void keysMadeByTwoProcessesAtATimeAreAllThere() {
    AppId id = new AppId("busy");
    await(keys.createApp(app(id), List.of()));
    List<CompletionStage<Void>> made = new ArrayList<>();

    for (int i = 0; i < 25; i++) {
      made.add(keys.createKey(apiKey(id, KeyKind.SECRET)));
      made.add(tool.keys().createKey(apiKey(id, KeyKind.SECRET)));
    }
    made.forEach(Stages::await);

    assertThat(await(keys.load()).keys()).filteredOn(key -> key.app().equals(id)).hasSize(50);
  }

  private App loaded(AppId id) {
    return await(keys.load()).apps().stream()
        .filter(app -> app.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private ApiKey key(String id) {
    return await(keys.load()).keys().stream()
        .filter(key -> key.id().equals(id))
        .findFirst()
        .orElseThrow();
  }
}
