package dev.pushgate.gateway.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/// How much is read of one socket at a time: about as much as came the last times; but little while
/// what came has to wait, for it waits in memory, and the rest can do so in the system's buffers.
/// Confined to the socket's loop.
public final class ReceiveSize extends AdaptiveRecvByteBufAllocator {
  private static final int LEAST = 64;
  private static final int LITTLE = 2048;
  private static final int MOST = 64 << 10;

  /// As Netty does for sockets that nobody set anything for.
  private static final int READS_IN_A_ROW = 16;

  private boolean isLittle;

  private ReceiveSize() {
    super(LEAST, LITTLE, MOST);
    maxMessagesPerRead(READS_IN_A_ROW);
  }

  /// Before the first byte is read.
  static void setFor(Channel socket) {
    socket.config().setRecvByteBufAllocator(new ReceiveSize());
  }

  /// Has little read of this socket at a time, until there is nothing left to read.
  public static void little(Channel socket) {
    if (socket.config().getRecvByteBufAllocator() instanceof ReceiveSize size) {
      size.isLittle = true;
    }
  }

  @Override
  public Handle newHandle() {
    return new Reads((ExtendedHandle) super.newHandle());
  }

  private final class Reads extends RecvByteBufAllocator.DelegatingHandle
      implements ExtendedHandle {
    private final ExtendedHandle adaptive;

    Reads(ExtendedHandle adaptive) {
      super(adaptive);
      this.adaptive = adaptive;
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator buffers) {
      return buffers.ioBuffer(guess());
    }

    @Override
    public int guess() {
      return isLittle ? Math.min(LITTLE, adaptive.guess()) : adaptive.guess();
    }

    @Override
    public void lastBytesRead(int bytes) {
      super.lastBytesRead(bytes);
      if (bytes < attemptedBytesRead()) {
        isLittle = false;
      }
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
      return adaptive.continueReading(maybeMore);
    }
  }
}
