package dev.pushgate.gateway.net.loop;

import dev.pushgate.core.shard.ShardLoop;
import io.netty.channel.SingleThreadEventLoop;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// A shard's thread on a Netty event loop. Thread-safe.
///
/// A turn of a Netty loop is: I/O, tasks, after-iteration tasks. Netty empties the queue of the
/// latter before it goes back to I/O, so one that enqueues itself there again would hold the loop
/// for good. Handing it over as a task first puts the next run behind the next round of I/O,
/// whoever hands over.
final class NettyShardLoop implements ShardLoop {
  private final SingleThreadEventLoop loop;

  NettyShardLoop(SingleThreadEventLoop loop) {
    this.loop = loop;
  }

  @Override
  public boolean inside() {
    return loop.inEventLoop();
  }

  @Override
  public void runAfterIo(Runnable task) {
    loop.execute(() -> loop.executeAfterEventLoopIteration(task));
  }

  @Override
  public void runLater(Runnable task, Duration delay) {
    var unused = loop.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
  }
}
