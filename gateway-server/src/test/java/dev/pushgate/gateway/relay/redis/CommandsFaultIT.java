package dev.pushgate.gateway.relay.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.core.relay.RelayUnavailableException;
import dev.pushgate.gateway.testing.RedisProcess;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// How many commands wait for a Redis that stands still.
class CommandsFaultIT {
  private static final int COMMANDS = 50;
  private static final long BYTES = 100_000;
  private static final Duration SOON = Duration.ofSeconds(20);

  private final RedisProcess redis = RedisProcess.start();
  private final RelayShards shards =
      new RelayShards(
          TestConfig.withCommands(TestConfig.of("t", redis.url()), COMMANDS, BYTES),
          new CountingObserver());
  private final RelayShard shard = shards.all().getFirst();

  @AfterEach
  void close() {
    shards.close();
    redis.close();
  }

  private void begin() {
    shards.start();
    await().until(shard::isUp);
  }

  @Test
  void thoseOverTheBoundAreRefusedAtOnceAndTheOthersFailInTime() {
    begin();
    redis.pause();
    List<ScriptCall> waiting = IntStream.range(0, COMMANDS).mapToObj(_ -> call(10)).toList();
    assertRefusedAtOnce(call(10));
    assertThat(waiting).noneMatch(call -> call.reply().toCompletableFuture().isDone());

    for (ScriptCall call : waiting) {
      assertThat(call.reply().toCompletableFuture())
          .failsWithin(SOON)
          .withThrowableOfType(ExecutionException.class)
          .withCauseInstanceOf(RelayUnavailableException.class);
      assertThat(call.mayHaveRun()).isTrue();
    }
    redis.resume();
    await().until(shard::isUp);
    assertAllAnswer(IntStream.range(0, COMMANDS).mapToObj(_ -> call(10)).toList());
  }

  @Test
  void thoseThatWaitGoOnWhenItDoes() {
    begin();
    redis.pause();
    List<ScriptCall> waiting = IntStream.range(0, COMMANDS).mapToObj(_ -> call(10)).toList();
    assertRefusedAtOnce(call(10));
    redis.resume();

    assertAllAnswer(waiting);
    assertAllAnswer(List.of(call(10)));
  }

  @Test
  void theirBytesAreBoundedToo() {
    begin();
    redis.pause();
    ScriptCall large = call((int) BYTES * 2 / 3);
    assertRefusedAtOnce(call((int) BYTES / 2));
    ScriptCall small = call(10);
    assertRefusedAtOnce(call((int) BYTES / 2));
    redis.resume();

    assertAllAnswer(List.of(large, small));
    assertAllAnswer(List.of(call((int) BYTES / 2)));
  }

  private void assertRefusedAtOnce(ScriptCall call) {
    assertThat(call.reply().toCompletableFuture()).isCompletedExceptionally();
    assertThat(call.mayHaveRun()).isFalse();
    assertThat(shard.isUp()).isTrue();
  }

  private static void assertAllAnswer(List<ScriptCall> calls) {
    calls.forEach(call -> assertThat(call.reply().toCompletableFuture()).succeedsWithin(SOON));
  }

  /// The script makes nothing of the bytes.
  private ScriptCall call(int bytes) {
    return shard.call(
        Script.HEADS, List.of("nothing"), _ -> new ScriptArgs().add(0).add(new byte[bytes]));
  }
}
