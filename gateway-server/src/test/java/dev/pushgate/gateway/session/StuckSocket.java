package dev.pushgate.gateway.session;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.shard.OutboundMemory;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;

/// A socket that takes everything, or nothing, as a test says. Confined to the test's thread.
final class StuckSocket extends EmbeddedChannel {
  boolean takes = true;

  Outbox outbox(OutboundMemory memory) {
    return new Outbox(
        this,
        new SessionLimits.Outbound(1 << 20, 1 << 16),
        memory,
        new SessionCounters(),
        MemoryHolder.NODE,
        new Quiet());
  }

  @Override
  protected void doWrite(ChannelOutboundBuffer queue) throws Exception {
    if (takes) {
      super.doWrite(queue);
    }
  }

  static final class Quiet implements Outbox.Owner {
    @Override
    public void tooSlow() {}

    @Override
    public void fallsBehind() {}

    @Override
    public void cut() {}

    @Override
    public void hasRoom() {}
  }
}
