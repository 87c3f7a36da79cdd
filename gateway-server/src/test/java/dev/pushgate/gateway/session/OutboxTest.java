package dev.pushgate.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.memory.MemoryBudget;
import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.core.shard.OutboundMemory;
import dev.pushgate.gateway.testing.NoLeaks;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class OutboxTest {
  private final EmbeddedChannel socket = new EmbeddedChannel();
  private final Outbox outbox =
      new Outbox(
          socket,
          new SessionLimits.Outbound(1 << 20, 1 << 16),
          new OutboundMemory(
              ByteBufAllocator.DEFAULT,
              MemoryBudget.unlimited().share(MemoryKind.OUTBOUND),
              Long.MAX_VALUE),
          new SessionCounters(),
          MemoryHolder.NODE,
          new Quiet());

  private static final class Quiet implements Outbox.Owner {
    @Override
    public void tooSlow() {}

    @Override
    public void fallsBehind() {}

    @Override
    public void cut() {}

    @Override
    public void hasRoom() {}
  }

  /// A frame counts for more than its bytes while it waits: that must not look like the opposite of
  /// progress, or a client that takes a little while much is queued would be taken for dead.
  @Test
  void whatIsQueuedDoesNotChangeHowMuchWasTaken() {
    long before = outbox.drainedBytes();
    for (int i = 0; i < 100; i++) {
      outbox.write(new byte[10]);
    }
    assertThat(outbox.drainedBytes()).isEqualTo(before);
    outbox.flush();
    assertThat(outbox.drainedBytes()).isGreaterThanOrEqualTo(before + 1_000);
    socket.finishAndReleaseAll();
  }
}
