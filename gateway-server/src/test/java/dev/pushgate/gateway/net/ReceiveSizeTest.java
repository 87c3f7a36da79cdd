package dev.pushgate.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// How much of a socket is read at a time.
class ReceiveSizeTest {
  private final EmbeddedChannel socket = new EmbeddedChannel();
  private RecvByteBufAllocator.Handle reads;

  @BeforeEach
  void set() {
    ReceiveSize.setFor(socket);
    reads = socket.config().getRecvByteBufAllocator().newHandle();
    reads.reset(socket.config());
  }

  /// As a socket does; `there` is what it has.
  private int read(int there) {
    ByteBuf buffer = reads.allocate(UnpooledByteBufAllocator.DEFAULT);
    int size = buffer.writableBytes();
    buffer.release();
    reads.attemptedBytesRead(size);
    reads.lastBytesRead(Math.min(size, there));
    return size;
  }

  @Test
  void whoeverSendsMuchIsReadInLargePieces() {
    assertThat(read(1 << 20)).isEqualTo(2_048);
    assertThat(read(1 << 20)).isEqualTo(32_768);
    assertThat(read(1 << 20)).isEqualTo(65_536);
    assertThat(read(1 << 20)).isEqualTo(65_536);
  }

  @Test
  void littleIsReadUntilThereIsNothingLeft() {
    read(1 << 20);
    ReceiveSize.little(socket);
    for (int i = 0; i < 100; i++) {
      assertThat(read(1 << 20)).isLessThanOrEqualTo(2_048);
    }
    read(100);
    read(1 << 20);
    assertThat(read(1 << 20)).isGreaterThan(2_048);
  }

  @Test
  void aSocketThatNobodySetItForIsLeftAsItIs() {
    EmbeddedChannel other = new EmbeddedChannel();
    ReceiveSize.little(other);
    RecvByteBufAllocator itsOwn = other.config().getRecvByteBufAllocator();
    assertThat((Object) itsOwn).isNotInstanceOf(ReceiveSize.class);
  }

  @Test
  void sixteenReadsComeInARow() {
    for (int i = 1; i <= 16; i++) {
      assertThat(reads.continueReading()).as("before read %d", i).isEqualTo(i > 1);
      reads.incMessagesRead(1);
      read(1 << 20);
    }
    assertThat(reads.continueReading()).isFalse();
  }
}
