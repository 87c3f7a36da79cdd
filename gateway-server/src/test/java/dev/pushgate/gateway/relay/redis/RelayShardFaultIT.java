package dev.pushgate.gateway.relay.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.core.relay.RelayUnavailableException;
import dev.pushgate.gateway.testing.RedisProcess;
import dev.pushgate.gateway.testing.TcpProxy;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What one Redis that is lost, paused or mute does to a shard's two connections.
class RelayShardFaultIT {
  private final RedisProcess redis = RedisProcess.start();
  private final TcpProxy proxy = new TcpProxy(redis.port());
  private final CountingObserver observer = new CountingObserver();
  private final RelayShards shards =
      new RelayShards(TestConfig.of("t", "redis://127.0.0.1:" + proxy.port()), observer);
  private final RelayShard shard = shards.all().getFirst();
  private final AtomicInteger ups = new AtomicInteger();
  private final AtomicInteger confirmed = new AtomicInteger();
  private final List<String> heard = new CopyOnWriteArrayList<>();

  @BeforeEach
  void connect() {
    shard.onUp(ups::incrementAndGet);
    shards.start();
    shard.listen(
        "t:news",
        bytes -> heard.add(new String(bytes, StandardCharsets.UTF_8)),
        confirmed::incrementAndGet);
    await().until(() -> shard.isUp() && confirmed.get() >= 1);
  }

  @AfterEach
  void close() {
    shards.close();
    proxy.close();
    redis.close();
  }

  @Test
  void aScriptAnswers() throws Exception {
    Reply reply =
        shard
            .eval(Script.HEADS, List.of("nothing"), new ScriptArgs().add(0))
            .toCompletableFuture()
            .get(5, TimeUnit.SECONDS);

    assertThat(reply.list(0).text(0)).isEmpty();
    assertThat(shard.redisNowMs().orElseThrow())
        .isBetween(System.currentTimeMillis() - 5_000, System.currentTimeMillis() + 1);
  }

  @Test
  void aKilledRedisFailsCallsAtOnceAndIsDialledAgainWithPauses() {
    redis.kill();
    await().until(() -> !shard.isUp());

    ScriptCall call = heads();
    assertThat(call.reply().toCompletableFuture()).isCompletedExceptionally();
    assertThat(call.mayHaveRun()).isFalse();
    int before = observer.dials.get();
    long begun = System.nanoTime();
    await().until(() -> System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(3));
    int dials = observer.dials.get() - before;
    long seconds = 1 + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun);
    assertThat((long) dials).as("dials of two lines").isBetween(2L, 12 * seconds);

    redis.launch();
    await().until(() -> shard.isUp() && confirmed.get() >= 2);
    assertThat(ups).hasValueGreaterThanOrEqualTo(2);
    assertThat(heads().reply().toCompletableFuture()).succeedsWithin(Duration.ofSeconds(5));
  }

  @Test
  void aMuteRedisCostsTheCallAndTheConnection() {
    proxy.mode(TcpProxy.Mode.SWALLOW_ANSWERS);
    ScriptCall call = heads();

    assertThat(call.reply().toCompletableFuture())
        .failsWithin(Duration.ofSeconds(5))
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(RelayUnavailableException.class);
    assertThat(call.mayHaveRun()).isTrue();
    await().until(() -> !shard.isUp());

    proxy.mode(TcpProxy.Mode.PASS);
    await().until(shard::isUp);
  }

  @Test
  void aPausedRedisIsNoticedWithoutAnyCall() {
    redis.pause();
    await().until(() -> !shard.isUp());
    redis.resume();
    await().until(shard::isUp);
  }

  @Test
  void whatWasFlushedFromItsScriptsIsLoadedAgain() throws Exception {
    try (Socket admin = new Socket(InetAddress.getLoopbackAddress(), redis.port())) {
      admin.getOutputStream().write("SCRIPT FLUSH\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(admin.getInputStream().read()).isEqualTo('+');
    }
    ScriptCall call = heads();
    assertThat(call.reply().toCompletableFuture()).failsWithin(Duration.ofSeconds(5));
    assertThat(call.mayHaveRun()).isFalse();
    await().until(shard::isUp);
    await()
        .ignoreException(CompletionException.class)
        .untilAsserted(() -> assertThat(heads().reply().toCompletableFuture().join()).isNotNull());
  }

  @Test
  void aCutPubSubConnectionIsConfirmedAgain() {
    int before = confirmed.get();
    shard.redialPubSub();
    await().until(() -> confirmed.get() > before);
    assertThat(shard.isUp()).isTrue();
  }

  private ScriptCall heads() {
    return shard.call(Script.HEADS, List.of("nothing"), _ -> new ScriptArgs().add(0));
  }
}
