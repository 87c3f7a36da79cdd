package dev.pushgate.gateway.relay.redis;

import dev.pushgate.core.relay.RelayUnavailableException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.stream.Stream;

/// The commands of one shard, pipelined over one connection that is kept up. What was sent and not
/// answered in time costs the connection; nothing is sent twice. Thread-safe.
final class Commands implements AutoCloseable {
  /// What Redis says when it cannot serve on this connection: it ran nothing, and another
  /// connection may do better.
  private static final List<String> REDIAL =
      List.of("NOSCRIPT", "LOADING", "READONLY", "MASTERDOWN", "NOAUTH");

  /// What Redis says when it ran nothing that counts, and another connection would not help.
  private static final List<String> REJECTED =
      List.of("BUSY", "OOM", "MISCONF", "NOPERM", "NOREPLICAS");

  private static final Duration HEARTBEAT = Duration.ofSeconds(1);
  private static final int OVERHEAD_BYTES = 256;

  private final String shard;
  private final RelayClient client;
  private final RelayConfig config;
  private final RelayObserver observer;
  private final ShardState state;
  private final Line<StatefulRedisConnection<String, byte[]>> line;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicLong bytesInFlight = new AtomicLong();
  private final ClockSamples clocks;

  Commands(
      RelayUrl url,
      RelayConfig config,
      RelayClient client,
      RelayObserver observer,
      ShardState state) {
    this.shard = url.name();
    this.client = client;
    this.config = config;
    this.observer = observer;
    this.state = state;
    this.line =
        new Line<>(
            client,
            config.timeout(),
            () -> {
              observer.dialled(shard);
              return client.dial(url.forLettuce());
            },
            new Readiness());
    this.clocks = new ClockSamples(line::current);
  }

  void start() {
    line.start();
  }

  boolean isUp() {
    return clocks.current() != null;
  }

  OptionalLong redisNowMs() {
    ServerClock clock = clocks.current();
    return clock == null ? OptionalLong.empty() : OptionalLong.of(clock.nowMs(System.nanoTime()));
  }

  ScriptCall call(Script script, List<String> keys, LongFunction<ScriptArgs> argsAt) {
    StatefulRedisConnection<String, byte[]> connection = line.current();
    ServerClock clock = clocks.current();
    if (connection == null || clock == null || !clock.connection().equals(connection)) {
      return new NeverSent(unavailable("is not connected"));
    }
    ScriptArgs args = argsAt.apply(clock.nowMs(System.nanoTime()));
    long bytes = args.bytes() + OVERHEAD_BYTES;
    if (inFlight.get() >= config.limits().commands()
        || bytesInFlight.get() + bytes > config.limits().bytes()) {
      observer.failed(shard);
      return new NeverSent(unavailable("has too much to answer already"));
    }
    PipelinedCall call = new PipelinedCall(script, keys, args);
    send(call, bytes, connection);
    return call;
  }

  private void send(
      PipelinedCall call, long bytes, StatefulRedisConnection<String, byte[]> connection) {
    inFlight.incrementAndGet();
    bytesInFlight.addAndGet(bytes);
    Runnable noTimeout =
        client.after(
            config.timeout(),
            () -> {
              RelayUnavailableException late = unavailable("did not answer in time");
              if (call.completeExceptionally(late)) {
                line.drop(connection, late);
              }
            });
    call.onComplete(
        (reply, failure) -> {
          noTimeout.run();
          inFlight.decrementAndGet();
          bytesInFlight.addAndGet(-bytes);
          if (failure == null) {
            call.answer(new Reply(reply));
          } else {
            failed(call, connection, failure);
          }
        });
    try {
      connection.dispatch(call);
    } catch (RuntimeException e) {
      call.completeExceptionally(e);
    }
  }

  private void failed(
      PipelinedCall call, StatefulRedisConnection<String, byte[]> connection, Throwable failure) {
    observer.failed(shard);
    String message = String.valueOf(failure.getMessage());
    boolean redial = REDIAL.stream().anyMatch(message::startsWith);
    if (redial || REJECTED.stream().anyMatch(message::startsWith)) {
      call.rejected();
    }
    if (redial) {
      line.drop(connection, failure);
    }
    call.fail(
        failure instanceof RelayUnavailableException ? failure : unavailable("failed: " + message));
  }

  private RelayUnavailableException unavailable(String why) {
    return new RelayUnavailableException("relay " + shard + " " + why);
  }

  @Override
  public void close() {
    line.close();
  }

  private record NeverSent(RelayUnavailableException why) implements ScriptCall {
    @Override
    public CompletionStage<Reply> reply() {
      return CompletableFuture.failedStage(why);
    }

    @Override
    public boolean mayHaveRun() {
      return false;
    }
  }

  /// A connection takes commands when all scripts are loaded, so that no call has to be sent again
  /// behind later ones, and the server's clock is known.
  private final class Readiness implements Line.Purpose<StatefulRedisConnection<String, byte[]>> {
    @Override
    public CompletionStage<?> prepare(StatefulRedisConnection<String, byte[]> connection) {
      RedisAsyncCommands<String, byte[]> redis = connection.async();
      CompletableFuture<?>[] loads =
          Stream.of(Script.values())
              .map(script -> redis.scriptLoad(script.text()).toCompletableFuture())
              .toArray(CompletableFuture<?>[]::new);
      return redis
          .time()
          .thenAccept(time -> clocks.prepared(sampled(connection, time)))
          .thenCombine(CompletableFuture.allOf(loads), (_, _) -> connection);
    }

    private static ServerClock sampled(Object connection, List<byte[]> time) {
      return ServerClock.sampled(connection, time, System.nanoTime());
    }

    @Override
    public void up(StatefulRedisConnection<String, byte[]> connection) {
      clocks.up(connection);
      state.up();
      client.after(HEARTBEAT, () -> beat(connection));
    }

    @Override
    public void down(Throwable cause) {
      state.down(cause);
    }

    /// Asks for the time again and again: it keeps the clock's sample fresh, and a server that
    /// answers nothing is noticed without anybody's publish.
    private void beat(StatefulRedisConnection<String, byte[]> connection) {
      if (!connection.equals(line.current())) {
        return;
      }
      CompletionStage<List<byte[]>> time = connection.async().time();
      Runnable noTimeout =
          client.after(
              config.timeout(), () -> line.drop(connection, unavailable("did not answer in time")));
      time.whenComplete(
          (answer, failure) -> {
            noTimeout.run();
            if (failure == null) {
              clocks.sampled(sampled(connection, answer));
              client.after(HEARTBEAT, () -> beat(connection));
            } else {
              line.drop(connection, failure);
            }
          });
    }
  }
}
