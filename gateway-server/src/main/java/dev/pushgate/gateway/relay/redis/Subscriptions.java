package dev.pushgate.gateway.relay.redis;

import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.pubsub.api.async.RedisPubSubAsyncCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What one shard's pub/sub connection listens to; each new connection subscribes to all of it
/// again. Thread-safe.
final class Subscriptions implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Subscriptions.class);

  /// How many channels one SUBSCRIBE names.
  private static final int BATCH = 500;

  private record Ear(Consumer<byte[]> onMessage, Runnable onConfirmed) {}

  private final RelayClient client;
  private final RelayObserver observer;
  private final ShardState state;
  private final String probe;
  private final Line<StatefulRedisPubSubConnection<String, byte[]>> line;
  private final Map<String, Ear> ears = new ConcurrentHashMap<>();

  /// Guards the order of commands: SUBSCRIBE and UNSUBSCRIBE go out in the order in which
  /// [#ears] changes. It is taken inside the lock of [#line], which holds its own while it says
  /// that it is up; so whoever holds this one never calls [Line#drop].
  private final Object order = new Object();

  private final Set<String> leaving = new HashSet<>();

  Subscriptions(
      RelayUrl url,
      RelayConfig config,
      RelayClient client,
      RelayObserver observer,
      ShardState state) {
    this.client = client;
    this.observer = observer;
    this.state = state;
    this.probe = new RelayKeys(config.prefix()).probe();
    this.line =
        new Line<>(
            client,
            config.timeout(),
            () -> {
              observer.dialled(url.name());
              return client.dialPubSub(url.forLettuce());
            },
            new Listening());
  }

  void start() {
    line.start();
  }

  void listen(String channel, Consumer<byte[]> onMessage, Runnable onConfirmed) {
    synchronized (order) {
      ears.put(channel, new Ear(onMessage, onConfirmed));
      leaving.remove(channel);
      StatefulRedisPubSubConnection<String, byte[]> connection = line.current();
      if (connection != null) {
        subscribe(connection, channel);
      }
    }
  }

  void unlisten(String channel) {
    synchronized (order) {
      if (ears.remove(channel) != null) {
        unsubscribe(channel);
      }
    }
  }

  boolean isUp() {
    return line.current() != null;
  }

  void redial() {
    StatefulRedisPubSubConnection<String, byte[]> connection = line.current();
    if (connection != null) {
      line.drop(connection, new IllegalStateException("nothing comes back through it"));
    }
  }

  private void subscribe(
      StatefulRedisPubSubConnection<String, byte[]> connection, String... channels) {
    watch(connection, connection.async().subscribe(channels));
  }

  private void unsubscribe(String channel) {
    StatefulRedisPubSubConnection<String, byte[]> connection = line.current();
    if (connection != null && leaving.add(channel)) {
      watch(connection, connection.async().unsubscribe(channel));
    }
  }

  /// A SUBSCRIBE that Redis refuses (rights, memory) is tried again over another connection. A
  /// command that cannot be sent fails while [#order] is held: the line is dropped elsewhere.
  private void watch(
      StatefulRedisPubSubConnection<String, byte[]> connection, CompletionStage<Void> command) {
    command.whenComplete(
        (_, failure) -> {
          if (failure != null) {
            client.after(Duration.ZERO, () -> line.drop(connection, failure));
          }
        });
  }

  private void unheard(String channel) {
    synchronized (order) {
      if (!ears.containsKey(channel) && !leaving.contains(channel)) {
        observer.unheard();
        unsubscribe(channel);
      }
    }
  }

  @Override
  public void close() {
    line.close();
  }

  /// A connection brings messages when the server takes and ends a subscription: whether it does is
  /// to be known before anybody relies on it.
  private final class Listening
      implements Line.Purpose<StatefulRedisPubSubConnection<String, byte[]>> {
    @Override
    public CompletionStage<?> prepare(StatefulRedisPubSubConnection<String, byte[]> connection) {
      connection.addListener(new Arrivals());
      RedisPubSubAsyncCommands<String, byte[]> redis = connection.async();
      return redis.subscribe(probe).thenCompose(_ -> redis.unsubscribe(probe));
    }

    @Override
    public void up(StatefulRedisPubSubConnection<String, byte[]> connection) {
      state.works(ShardState.Part.MESSAGES);
      synchronized (order) {
        leaving.clear();
        List<String> all = new ArrayList<>(ears.keySet());
        for (int from = 0; from < all.size(); from += BATCH) {
          List<String> some = all.subList(from, Math.min(all.size(), from + BATCH));
          subscribe(connection, some.toArray(String[]::new));
        }
      }
    }

    @Override
    public void down(Throwable cause) {
      state.fails(ShardState.Part.MESSAGES, Trouble.of(cause));
    }
  }

  private final class Arrivals extends RedisPubSubAdapter<String, byte[]> {
    @Override
    public void message(String channel, byte[] message) {
      Ear ear = ears.get(channel);
      if (ear == null) {
        unheard(channel);
      } else {
        safely(channel, () -> ear.onMessage.accept(message));
      }
    }

    @Override
    public void subscribed(String channel, long count) {
      Ear ear = ears.get(channel);
      if (ear != null) {
        safely(channel, ear.onConfirmed);
      }
    }

    @Override
    public void unsubscribed(String channel, long count) {
      synchronized (order) {
        leaving.remove(channel);
      }
    }

    private void safely(String channel, Runnable task) {
      try {
        task.run();
      } catch (RuntimeException e) {
        log.error("a message of {} was not taken", channel, e);
      }
    }
  }
}
