package dev.pushgate.gateway.relay.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.netty.util.HashedWheelTimer;
import io.netty.util.Timeout;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// What all connections of the relay share: the library, its threads (named, daemons) and a wheel
/// of deadlines. Thread-safe. To be closed after everything that uses it.
public final class RelayClient implements AutoCloseable {
  static final RedisCodec<String, byte[]> CODEC =
      RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

  /// So often that nothing gives it up in the life of a node.
  static final int ALWAYS = Integer.MAX_VALUE;

  private static final Duration AGAIN = Duration.ofSeconds(1);
  private static final int THREADS = 2;
  private static final long TICK_MS = 20;
  private static final long CLOSE_WITHIN_MS = 2_000;

  private final HashedWheelTimer timer =
      new HashedWheelTimer(
          new DefaultThreadFactory("relay-clock", true), TICK_MS, TimeUnit.MILLISECONDS);
  private final ClientResources resources;
  private final RedisClient redis;

  /// @param timeout how long a connection may take to be there
  public RelayClient(Duration timeout) {
    this.resources =
        ClientResources.builder()
            .ioThreadPoolSize(THREADS)
            .computationThreadPoolSize(THREADS)
            .threadFactoryProvider(_ -> new DefaultThreadFactory("relay-io", true))
            .commandLatencyRecorder(CommandLatencyRecorder.disabled())
            .timer(timer)
            .build();
    this.redis = RedisClient.create(resources);
    redis.setOptions(options(timeout));
  }

  /// The library repeats nothing and reconnects nothing by itself: a command that we gave up must
  /// not be carried out by a later connection.
  private static ClientOptions options(Duration timeout) {
    return ClientOptions.builder()
        .autoReconnect(false)
        .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
        .protocolVersion(ProtocolVersion.RESP2)
        .maintNotificationsConfig(MaintNotificationsConfig.disabled())
        .socketOptions(SocketOptions.builder().connectTimeout(timeout).build())
        .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
        .build();
  }

  CompletionStage<StatefulRedisConnection<String, byte[]>> dial(RedisURI uri) {
    return redis.connectAsync(CODEC, uri);
  }

  CompletionStage<StatefulRedisPubSubConnection<String, byte[]>> dialPubSub(RedisURI uri) {
    return redis.connectPubSubAsync(CODEC, uri);
  }

  /// Runs a task once, that much later or a little after; it must not block.
  ///
  /// @return takes the task back, if it has not run yet
  public Runnable after(Duration delay, Runnable task) {
    try {
      Timeout timeout = timer.newTimeout(_ -> task.run(), delay.toNanos(), TimeUnit.NANOSECONDS);
      return timeout::cancel;
    } catch (IllegalStateException _) {
      return () -> {}; // closed: nothing is to happen any more
    }
  }

  /// Tries something until it does not fail, a second after it failed, or as often as it may.
  ///
  /// @return completes when it is done or given up; never exceptionally
  CompletionStage<Void> untilDone(int attempts, Supplier<? extends CompletionStage<?>> attempt) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    tryAgain(attempts, attempt, done);
    return done;
  }

  private void tryAgain(
      int attempts, Supplier<? extends CompletionStage<?>> attempt, CompletableFuture<Void> done) {
    attempt
        .get()
        .whenComplete(
            (_, failure) -> {
              if (failure == null || attempts == 1) {
                done.complete(null);
              } else {
                after(AGAIN, () -> tryAgain(attempts - 1, attempt, done));
              }
            });
  }

  /// Completes with another stage, or after that time without it.
  CompletionStage<Void> within(Duration time, CompletionStage<Void> done) {
    CompletableFuture<Void> answer = new CompletableFuture<>();
    Runnable noTimeout = after(time, () -> answer.complete(null));
    done.thenRun(
        () -> {
          noTimeout.run();
          answer.complete(null);
        });
    return answer;
  }

  @Override
  public void close() {
    redis.shutdown(0, CLOSE_WITHIN_MS, TimeUnit.MILLISECONDS);
    resources
        .shutdown(0, CLOSE_WITHIN_MS, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(CLOSE_WITHIN_MS);
    timer.stop();
  }
}
