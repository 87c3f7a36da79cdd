package dev.pushgate.gateway.net.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.core.shard.ShardLoop;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Transport.class)
class NettyShardLoopTest {
  private final GatewayLoops loops;
  private final ShardLoop loop;

  NettyShardLoopTest(Transport transport) {
    loops = new GatewayLoops(transport, 1);
    loop = loops.all().getFirst().shardLoop();
  }

  @AfterEach
  void close() {
    loops.close(Duration.ofSeconds(10));
  }

  @Test
  void aTaskThatHandsItselfOverAgainDoesNotKeepSocketsWaiting() throws Exception {
    InetSocketAddress echo = listenAndEcho();
    AtomicLong turns = new AtomicLong();
    AtomicBoolean enough = new AtomicBoolean();
    Runnable again =
        new Runnable() {
          @Override
          public void run() {
            turns.incrementAndGet();
            if (!enough.get()) {
              loop.runAfterIo(this);
            }
          }
        };
    loop.runAfterIo(again);
    try (Socket socket = new Socket(echo.getAddress(), echo.getPort())) {
      socket.setSoTimeout(10_000);
      for (int i = 0; i < 100; i++) {
        socket.getOutputStream().write(i);
        assertThat(socket.getInputStream().read()).isEqualTo(i);
      }
    }
    long seen = turns.get();
    await().until(() -> turns.get() > seen);
    enough.set(true);
  }

  @Test
  void aTaskFromAnotherThreadWakesASleepingLoop() throws Exception {
    for (int i = 0; i < 100; i++) {
      CountDownLatch ran = new CountDownLatch(1);
      loop.runAfterIo(ran::countDown);
      assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void tasksOfOneThreadRunInTheirOrderOnTheLoop() {
    List<Integer> ran = Collections.synchronizedList(new ArrayList<>());
    AtomicBoolean outside = new AtomicBoolean();
    List<Integer> expected = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      int number = i;
      expected.add(i);
      loop.runAfterIo(
          () -> {
            ran.add(number);
            outside.compareAndSet(false, !loop.inside());
          });
    }
    await().until(() -> ran.size() == 10_000);
    assertThat(ran).isEqualTo(expected);
    assertThat(outside).isFalse();
    assertThat(loop.inside()).isFalse();
  }

  @Test
  void aLaterTaskIsNotEarly() throws Exception {
    CountDownLatch ran = new CountDownLatch(1);
    long begin = System.nanoTime();
    loop.runLater(ran::countDown, Duration.ofMillis(50));
    assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(50_000_000);
  }

  private InetSocketAddress listenAndEcho() throws IOException {
    Channel serverSocket =
        new ServerBootstrap()
            .group(loops.group())
            .channel(loops.transport().serverSockets())
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel socket) {
                    socket.pipeline().addLast(new Echo());
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .syncUninterruptibly()
            .channel();
    return (InetSocketAddress) serverSocket.localAddress();
  }

  private static final class Echo extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object bytes) {
      var unused = ctx.writeAndFlush(bytes);
    }
  }
}
