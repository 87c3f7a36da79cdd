package dev.pushgate.rest;

import dev.pushgate.auth.ApiKey;
import dev.pushgate.auth.App;
import dev.pushgate.auth.AppChange;
import dev.pushgate.auth.Authenticator;
import dev.pushgate.auth.Grants;
import dev.pushgate.auth.KeyDirectory;
import dev.pushgate.auth.KeyText;
import dev.pushgate.auth.Keys;
import dev.pushgate.auth.Permission;
import dev.pushgate.auth.Principal;
import dev.pushgate.auth.Secret;
import dev.pushgate.auth.TokenMinter;
import dev.pushgate.auth.TokenRequest;
import dev.pushgate.auth.TokenVerifier;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.store.DeclaredChannel;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The API with an app `default`, a key of each kind, and nothing real behind it.
final class Api {
  static final String PUB = "pub_0123456789abcdef0123";
  static final String SEC = "sec_0123456789abcdef0123";
  static final String MGMT = "mgmt_0123456789abcdef012";
  static final Instant NOW = Instant.parse("2026-11-22T02:48:55.123Z");
  static final int MAX_DATA_BYTES = 1_000;

  private static final String SIGNING_SECRET = "c2lnbmluZy1zZWNyZXQtb2YtMjU2LWJpdHMtMDEyMzQ1Ng";

  final FakeRelay relay = new FakeRelay();
  final FakeChannels channels = new FakeChannels();
  final FakeCluster cluster = new FakeCluster();
  final FakeCatalog catalog = new FakeCatalog(channels);
  final FakeRosters rosters = new FakeRosters();
  final FakeKeyStore keyStore = new FakeKeyStore();
  final List<Refusal> refusals = new ArrayList<>();
  final List<Integer> published = new ArrayList<>();
  final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
  final KeyDirectory directory = new KeyDirectory(keyStore, clock);
  final Authenticator authenticator =
      new Authenticator(directory, new TokenVerifier(directory, clock));
  final TokenMinter minter = new TokenMinter(clock);
  Optional<Duration> retryAfter = Optional.empty();
  private final RestApi api;

  Api() {
    setApp(List.of("*"), true);
    for (String text : List.of(PUB, SEC, MGMT)) {
      addKey(text);
    }
    api =
        new RestApi(
            new RestApi.Ports(
                relay,
                channels,
                catalog,
                rosters,
                authenticator,
                directory,
                new Keys(keyStore, directory, clock, () -> {}),
                minter,
                new RestApi.Cluster(cluster, cluster, cluster, cluster)),
            new RestApi.Limits(MAX_DATA_BYTES, 100, 100, Duration.ofHours(1), Duration.ofHours(24)),
            this::limit,
            new Observer(),
            clock);
  }

  private Optional<Duration> limit(Principal principal, int messages) {
    return retryAfter;
  }

  private final class Observer implements RestObserver {
    @Override
    public void refused(Refusal refusal) {
      refusals.add(refusal);
    }

    @Override
    public void published(int messages, long nanos) {
      published.add(messages);
    }
  }

  void setApp(List<String> origins, boolean undeclaredChannels) {
    keyStore.put(app(AppId.DEFAULT, origins, undeclaredChannels));
    refresh();
  }

  static App app(AppId id, List<String> origins, boolean undeclaredChannels) {
    var secret =
        new App.SigningSecret("kid-" + id, new Secret(SIGNING_SECRET), NOW.minusSeconds(60));
    return new App(id, id.value(), origins, undeclaredChannels, false, List.of(secret), NOW);
  }

  ApiKey addKey(String text) {
    ApiKey key = KeyText.describe(AppId.DEFAULT, new Secret(text), "", NOW.minusSeconds(60), null);
    keyStore.put(key);
    refresh();
    return key;
  }

  void refresh() {
    directory.refresh().toCompletableFuture().join();
  }

  /// A token that grants this of channels that fit the pattern.
  String token(String pattern, Permission... permissions) {
    var request =
        new TokenRequest(
            "fixed",
            null,
            Duration.ofMinutes(5),
            new Grants(Map.of(pattern, Set.of(permissions))),
            null);
    return minter.mint(directory.app(AppId.DEFAULT).orElseThrow(), request).token();
  }

  /// A token of a user that grants this of all channels.
  String userToken(String userId, Permission... permissions) {
    return userTokenAs("fixed", userId, permissions);
  }

  /// The same under this client id.
  String userTokenAs(String clientId, String userId, Permission... permissions) {
    var request =
        new TokenRequest(
            clientId,
            userId,
            Duration.ofMinutes(5),
            new Grants(Map.of("*", Set.of(permissions))),
            null);
    return minter.mint(directory.app(AppId.DEFAULT).orElseThrow(), request).token();
  }

  /// Whether the app's publish keys may read.
  void setPublishKeysRead(boolean may) {
    AppChange change = new AppChange(null, null, may);
    keyStore.put(change.appliedTo(directory.app(AppId.DEFAULT).orElseThrow()));
    refresh();
  }

  static ChannelKey key(String name) {
    return new ChannelKey(AppId.DEFAULT, new ChannelName(name));
  }

  void declare(String slug, boolean isPrivate) {
    long now = NOW.toEpochMilli();
    channels.declared.put(
        key(slug),
        new DeclaredChannel(
            "id-" + slug, key(slug), "The " + slug, null, isPrivate, null, now, now));
  }

  TestCall get(String path) {
    return new TestCall(api, "GET", path).bearer(SEC);
  }

  TestCall call(String method, String path) {
    return new TestCall(api, method, path).bearer(SEC);
  }

  TestCall post(String path, String body) {
    return call("POST", path).body(body);
  }

  TestCall publish(String body) {
    return post("/api/v1/publish", body);
  }
}
