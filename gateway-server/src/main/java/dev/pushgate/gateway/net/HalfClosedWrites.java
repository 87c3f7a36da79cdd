package dev.pushgate.gateway.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/// Writes to a socket whose client has ended its own half. Confined to the socket's loop.
///
/// Of such a socket Netty's epoll awaits nothing more, and takes it out of its set; when a write
/// then finds no room it is to be changed in the set where it is not, and what was to be sent is
/// dropped (Netty 4.2.18). So here the socket is tried again after a moment. It stands first in the
/// pipeline, and has from then on all that goes out.
final class HalfClosedWrites extends ChannelOutboundHandlerAdapter {
  private static final long PAUSE_MS = 5;

  private record Waiting(ByteBuf bytes, ChannelPromise promise) {}

  private final EpollSocketChannel socket;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private boolean comesAgain;

  HalfClosedWrites(EpollSocketChannel socket) {
    this.socket = socket;
  }

  /// What was written and has not gone into the socket.
  long waitingBytes() {
    return waitingBytes;
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (message instanceof ByteBuf bytes && socket.isActive()) {
      waitingBytes += bytes.readableBytes();
      waiting.add(new Waiting(bytes, promise));
    } else {
      ReferenceCountUtil.release(message);
      promise.tryFailure(new ClosedChannelException());
    }
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    ctx.flush(); // what Netty has from before
    if (!comesAgain) {
      goOn(ctx);
    }
  }

  private void goOn(ChannelHandlerContext ctx) {
    comesAgain = false;
    try {
      while (!waiting.isEmpty()) {
        if (!isNettyDone() || !sendFirst()) {
          comesAgain = true;
          var unused = ctx.executor().schedule(() -> goOn(ctx), PAUSE_MS, TimeUnit.MILLISECONDS);
          return;
        }
      }
    } catch (IOException e) {
      drop(e);
      var unused = ctx.close();
    }
  }

  private boolean isNettyDone() {
    ChannelOutboundBuffer before = socket.unsafe().outboundBuffer();
    return before == null || before.isEmpty();
  }

  /// @return whether all of the first that waits has gone
  private boolean sendFirst() throws IOException {
    Waiting first = waiting.getFirst();
    ByteBuf bytes = first.bytes;
    while (bytes.isReadable()) {
      int sent = send(socket.fd(), bytes);
      if (sent <= 0) {
        return false;
      }
      bytes.skipBytes(sent);
      waitingBytes -= sent;
    }
    waiting.removeFirst();
    bytes.release();
    first.promise.trySuccess();
    return true;
  }

  private int send(FileDescriptor to, ByteBuf bytes) throws IOException {
    if (!to.isOpen()) {
      throw new ClosedChannelException();
    }
    // The system reads from direct memory only.
    ByteBuf direct =
        bytes.isDirect() && bytes.nioBufferCount() == 1
            ? bytes.retain()
            : socket.alloc().directBuffer(bytes.readableBytes()).writeBytes(bytes.duplicate());
    try {
      var part = direct.nioBuffer();
      return to.write(part, part.position(), part.limit());
    } finally {
      direct.release();
    }
  }

  private void drop(Throwable why) {
    while (!waiting.isEmpty()) {
      Waiting each = waiting.removeFirst();
      each.bytes.release();
      each.promise.tryFailure(why);
    }
    waitingBytes = 0;
  }

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    drop(new ClosedChannelException());
    var unused = ctx.close(promise);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    drop(new ClosedChannelException());
  }
}
