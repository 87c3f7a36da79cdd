package dev.pushgate.gateway.relay.redis;

import static org.awaitility.Awaitility.await;

import dev.pushgate.core.cluster.Occupancy;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.publication.IdempotencyKey;
import dev.pushgate.core.publication.PublishRequest;
import dev.pushgate.core.publication.Published;
import dev.pushgate.core.relay.Seen;
import dev.pushgate.core.relay.StreamSlice;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The relay of one node, with nothing around it. Thread-safe.
final class TestNode implements AutoCloseable {
  static final Charset UTF_8 = StandardCharsets.UTF_8;

  final CountingObserver observer = new CountingObserver();
  final RecordingListener listener = new RecordingListener();
  final FakeArchive archive = new FakeArchive();
  final Set<ChannelKey> declared = ConcurrentHashMap.newKeySet();
  final RelayShards shards;
  final RedisRelay relay;
  volatile int subscribers = 3;

  TestNode(RelayConfig config) {
    this.shards = new RelayShards(config, observer);
    this.relay =
        new RedisRelay(
            shards,
            new Counts(),
            declared::contains,
            archive,
            new SecureRandom(),
            Clock.systemUTC(),
            observer);
    relay.start(listener);
    shards.start();
  }

  /// A node that is connected.
  static TestNode connected(RelayConfig config) {
    TestNode node = new TestNode(config);
    await().until(() -> node.shards.all().stream().allMatch(RelayShard::isUp));
    return node;
  }

  static ChannelKey channel(String name) {
    return new ChannelKey(AppId.DEFAULT, new ChannelName(name));
  }

  /// Follows a channel and waits until it is confirmed once more.
  void follow(ChannelKey key) {
    int before = confirmations(key);
    relay.streams().follow(key);
    await().until(() -> confirmations(key) > before);
  }

  int confirmations(ChannelKey key) {
    return (int) listener.confirmed.stream().filter(key::equals).count();
  }

  CompletionStage<Outcome<Published>> begin(ChannelKey key, String data) {
    return begin(key, data, null);
  }

  CompletionStage<Outcome<Published>> begin(
      ChannelKey key, String data, @Nullable String idempotencyKey) {
    byte[] bytes = data.getBytes(UTF_8);
    IdempotencyKey idempotency =
        idempotencyKey == null ? null : IdempotencyKey.of("", idempotencyKey, "new", "me", bytes);
    return relay.publish(new PublishRequest(key, "new", "me", bytes, idempotency));
  }

  Outcome<Published> publish(ChannelKey key, String data, @Nullable String idempotencyKey) {
    return get(begin(key, data, idempotencyKey));
  }

  Published publish(ChannelKey key, String data) {
    return switch (publish(key, data, null)) {
      case Outcome.Done<Published>(var published) -> published;
      case Outcome.Refused<Published> refused -> throw new AssertionError(refused.toString());
    };
  }

  StreamSlice read(ChannelKey key, @Nullable Seen seen) {
    return get(beginRead(key, seen));
  }

  CompletionStage<StreamSlice> beginRead(ChannelKey key, @Nullable Seen seen) {
    return relay.streams().read(key, seen, CompletableFuture.completedStage(null));
  }

  static <T> T get(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    shards.close();
  }

  private final class Counts implements Occupancy {
    @Override
    public int onNode(ChannelKey key) {
      return subscribers;
    }

    @Override
    public int inCluster(ChannelKey key) {
      return subscribers;
    }

    @Override
    public SortedMap<String, Integer> occupied(AppId app, String prefix, int limit) {
      return new TreeMap<>();
    }
  }
}
