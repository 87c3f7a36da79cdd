package dev.pushgate.gateway.session;

import dev.pushgate.core.publication.EncodedFrames;
import dev.pushgate.core.publication.WireFormat;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslHandler;
import java.util.List;

/// What waits for one client's socket. Confined to the socket's loop.
///
/// Where nothing below has to see the bytes, they go straight to the socket's own queue: no walk
/// through the pipeline, no promise for each write. A TLS handler has to see them.
final class Outbox {
  private final Channel socket;
  private final boolean straight;
  private final int maxBytes;
  private final SessionObserver observer;
  private long queuedBytes;

  Outbox(Channel socket, SessionLimits.Outbound limits, SessionObserver observer) {
    this.socket = socket;
    this.straight = socket.pipeline().get(SslHandler.class) == null;
    this.maxBytes = limits.maxBytes();
    this.observer = observer;
    // Netty's mark tells when the queue falls below low water; what is too much is asked for, not
    // told.
    int lowWater = limits.lowWaterBytes();
    socket.config().setWriteBufferWaterMark(new WriteBufferWaterMark(lowWater, lowWater));
  }

  /// Queues a frame.
  void write(byte[] frame) {
    write(buffer(frame));
  }

  /// Queues frames that belong to nobody else.
  void write(ByteBuf frames) {
    observer.sent(frames.readableBytes());
    long before = pendingBytes();
    if (straight) {
      // Not the pipeline's void promise: that one would report each write that a closed socket
      // fails.
      Channel.Unsafe unsafe = socket.unsafe();
      unsafe.write(frames, unsafe.voidPromise());
    } else {
      var unused = socket.write(frames);
    }
    // As the queue counts: a frame is more there than its bytes.
    queuedBytes += pendingBytes() - before;
  }

  /// Queues an answer and a replay so that nothing can come between them.
  void writeInOnePiece(byte[] answer, List<EncodedFrames> replay, WireFormat format) {
    int length = answer.length;
    for (EncodedFrames frames : replay) {
      length += frames.in(format).length;
    }
    ByteBuf piece = allocate(length).writeBytes(answer);
    for (EncodedFrames frames : replay) {
      piece.writeBytes(frames.in(format));
    }
    write(piece);
  }

  /// Queues a frame and hands everything to the socket; `sent` runs when it has gone out, or
  /// cannot.
  void writeLast(byte[] frame, Runnable sent) {
    ByteBuf last = buffer(frame);
    observer.sent(last.readableBytes());
    ChannelPromise promise = socket.newPromise();
    if (straight) {
      socket.unsafe().write(last, promise);
    } else {
      var unused = socket.write(last, promise);
    }
    flush();
    promise.addListener(done -> sent.run());
  }

  void flush() {
    if (straight) {
      socket.unsafe().flush();
    } else {
      socket.flush();
    }
  }

  boolean isLow() {
    return socket.isWritable();
  }

  boolean isOverLimit() {
    return pendingBytes() > maxBytes;
  }

  /// Grows whenever the client takes bytes, and never otherwise. Says nothing about the last frame.
  long drainedBytes() {
    return queuedBytes - pendingBytes();
  }

  private ByteBuf allocate(int bytes) {
    return socket.alloc().directBuffer(bytes, bytes);
  }

  private ByteBuf buffer(byte[] frame) {
    return allocate(frame.length).writeBytes(frame);
  }

  private long pendingBytes() {
    ChannelOutboundBuffer queue = socket.unsafe().outboundBuffer();
    return queue == null ? 0 : queue.totalPendingWriteBytes();
  }
}
