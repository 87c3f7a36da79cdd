package dev.pushgate.gateway.relay.redis;

import dev.pushgate.core.pace.RateLimitedLog;
import dev.pushgate.core.relay.RelayUnavailableException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/// The commands of one shard, pipelined over one connection that is kept up. What was sent and not
/// answered in time costs the connection; nothing is sent twice. Thread-safe.
final class Commands implements AutoCloseable {
  private static final Duration HEARTBEAT = Duration.ofSeconds(1);
  private static final int OVERHEAD_BYTES = 256;
  private static final Duration ODD_EVERY = Duration.ofMinutes(1);

  /// How long lives in Redis what is written there to try it.
  private static final byte[] TRIED_MS = "60000".getBytes(StandardCharsets.US_ASCII);

  private final String shard;
  private final RelayClient client;
  private final RelayConfig config;
  private final RelayObserver observer;
  private final ShardState state;
  private final Runnable whenMoved;
  private final RateLimitedLog odd =
      new RateLimitedLog(LoggerFactory.getLogger(Commands.class), ODD_EVERY, System::nanoTime);
  private final Line<StatefulRedisConnection<String, byte[]>> line;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicLong bytesInFlight = new AtomicLong();
  private final ClockSamples clocks;

  /// @param whenMoved runs when another connection was taken because this one's server has become a
  ///     replica: whatever else goes to that one is to follow
  Commands(
      RelayUrl url,
      RelayConfig config,
      RelayClient client,
      RelayObserver observer,
      ShardState state,
      Runnable whenMoved) {
    this.shard = url.name();
    this.client = client;
    this.config = config;
    this.observer = observer;
    this.state = state;
    this.whenMoved = whenMoved;
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
    Trouble trouble = Trouble.of(failure);
    if (trouble.kind().ranNothing()) {
      call.rejected();
    }
    if (trouble.kind().redials()) {
      line.drop(connection, failure);
    } else if (trouble.kind().passes()) {
      state.fails(ShardState.Part.WRITES, trouble);
    } else if (trouble.kind() == Trouble.Kind.OTHER) {
      odd.warn("relay " + shard + " did not carry out a script: " + trouble.words());
    }
    call.fail(
        failure instanceof RelayUnavailableException
            ? failure
            : unavailable("failed: " + trouble.words()));
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
  /// behind later ones, all that they do is allowed, and the server's clock is known.
  private final class Readiness implements Line.Purpose<StatefulRedisConnection<String, byte[]>> {
    private final RelayKeys keys = new RelayKeys(config.prefix());
    private boolean mayHaveMoved;

    @Override
    public CompletionStage<?> prepare(StatefulRedisConnection<String, byte[]> connection) {
      RedisAsyncCommands<String, byte[]> redis = connection.async();
      CompletableFuture<?>[] loads =
          Stream.of(Script.values())
              .map(script -> redis.scriptLoad(script.text()).toCompletableFuture())
              .toArray(CompletableFuture<?>[]::new);
      CompletionStage<?> allowed = tried(connection, Script.RIGHTS, rights(), channel(), TRIED_MS);
      return redis
          .time()
          .thenAccept(time -> clocks.prepared(sampled(connection, time)))
          .thenCombine(CompletableFuture.allOf(loads), (_, _) -> connection)
          .thenCombine(allowed, (_, _) -> connection);
    }

    private String[] rights() {
      return Stream.of("text", "hash", "set", "zset", "stream")
          .map(keys::rights)
          .toArray(String[]::new);
    }

    private byte[] channel() {
      return keys.rights("channel").getBytes(StandardCharsets.UTF_8);
    }

    /// Runs a script that writes. Fails with what another connection may mend; what the server
    /// refuses to everybody for the time being is noted, for what is read it goes on.
    private CompletionStage<?> tried(
        StatefulRedisConnection<String, byte[]> connection,
        Script script,
        String[] keys,
        byte[]... values) {
      return connection
          .async()
          .<List<Object>>evalsha(script.sha1(), ScriptOutputType.MULTI, keys, values)
          .handle(
              (_, failure) -> {
                if (failure == null) {
                  state.works(ShardState.Part.WRITES);
                  return true;
                }
                Trouble trouble = Trouble.of(failure);
                if (!trouble.kind().passes()) {
                  throw new CompletionException(failure);
                }
                state.fails(ShardState.Part.WRITES, trouble);
                return false;
              });
    }

    private static ServerClock sampled(Object connection, List<byte[]> time) {
      return ServerClock.sampled(connection, time, System.nanoTime());
    }

    @Override
    public void up(StatefulRedisConnection<String, byte[]> connection) {
      clocks.up(connection);
      state.up();
      if (mayHaveMoved) {
        mayHaveMoved = false;
        client.after(Duration.ZERO, whenMoved); // not with the line's lock
      }
      client.after(HEARTBEAT, () -> beat(connection));
    }

    @Override
    public void down(Throwable cause) {
      Trouble trouble = Trouble.of(cause);
      mayHaveMoved |= trouble.kind().isReplica();
      state.fails(ShardState.Part.CALLS, trouble);
    }

    /// Asks for the time and writes again and again: it keeps the clock's sample fresh, and a
    /// server that answers nothing, or writes nothing, is noticed without anybody's publish.
    private void beat(StatefulRedisConnection<String, byte[]> connection) {
      if (!connection.equals(line.current())) {
        return;
      }
      CompletionStage<?> time =
          connection.async().time().thenAccept(now -> clocks.sampled(sampled(connection, now)));
      CompletionStage<?> writes =
          tried(connection, Script.PROBE, new String[] {keys.probe()}, channel(), TRIED_MS);
      Runnable noTimeout =
          client.after(
              config.timeout(), () -> line.drop(connection, unavailable("did not answer in time")));
      time.thenCombine(writes, (_, _) -> connection)
          .whenComplete(
              (_, failure) -> {
                noTimeout.run();
                if (failure == null) {
                  client.after(HEARTBEAT, () -> beat(connection));
                } else {
                  line.drop(connection, failure);
                }
              });
    }
  }
}
