package dev.pushgate.gateway.net;

import dev.pushgate.core.pace.DoublingPause;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Writes to a socket whose client has ended its own half. Confined to the socket's loop.
///
/// Of such a socket Netty's epoll awaits nothing more, and takes it out of its set; when a write
/// then finds no room it is to be changed in the set where it is not, and what was to be sent is
/// dropped (Netty 4.2.18). So here the socket is tried again after a moment. It stands first in the
/// pipeline, and has from then on all that goes out. When all that had to wait has gone, that is
/// told as a change of writability.
public final class HalfClosedWrites extends ChannelOutboundHandlerAdapter {
  /// How soon it is tried again; longer while nothing goes, for there may be thousands.
  private static final DoublingPause PAUSES =
      new DoublingPause(Duration.ofMillis(5), Duration.ofMillis(200));

  private record Waiting(ByteBuf bytes, ChannelPromise promise) {}

  private final EpollSocketChannel socket;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private boolean comesAgain;

  /// Of this handler, from when it stands in the pipeline.
  private @Nullable ChannelHandlerContext context;

  private Duration pause = PAUSES.first();

  private HalfClosedWrites(EpollSocketChannel socket) {
    this.socket = socket;
  }

  /// Puts it into the pipeline of a socket whose client has ended its half, unless it is there.
  public static void addTo(Channel socket) {
    if (socket instanceof EpollSocketChannel epoll && of(socket) == null) {
      socket.pipeline().addFirst(new HalfClosedWrites(epoll));
    }
  }

  /// What writes to this socket in Netty's place; null when Netty does.
  public static @Nullable HalfClosedWrites of(Channel socket) {
    return socket.pipeline().get(HalfClosedWrites.class);
  }

  /// What was written and has not gone into the socket.
  public long waitingBytes() {
    return waitingBytes;
  }

  /// In how many pieces.
  public int waitingWrites() {
    return waiting.size();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  /// Queues bytes for the socket, past all handlers. They are refused when it is closed.
  public void write(ByteBuf bytes, ChannelPromise promise) {
    write(context(), bytes, promise);
  }

  /// As of a channel.
  public void flush() {
    flush(context());
  }

  private ChannelHandlerContext context() {
    return Objects.requireNonNull(context);
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

  private void comeAgain(ChannelHandlerContext ctx) {
    goOn(ctx);
    if (!comesAgain && !ctx.isRemoved()) {
      var unused = ctx.fireChannelWritabilityChanged();
    }
  }

  private void goOn(ChannelHandlerContext ctx) {
    comesAgain = false;
    long before = waitingBytes;
    try {
      while (!waiting.isEmpty()) {
        if (!isNettyDone() || !sendFirst()) {
          comesAgain = true;
          pause = waitingBytes < before ? PAUSES.first() : PAUSES.after(pause);
          var unused =
              ctx.executor()
                  .schedule(() -> comeAgain(ctx), pause.toMillis(), TimeUnit.MILLISECONDS);
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
