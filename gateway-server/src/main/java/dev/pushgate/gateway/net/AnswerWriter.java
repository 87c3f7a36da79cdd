package dev.pushgate.gateway.net;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;

/// Writes one answer, a piece at a time as the client takes it: what waits for a socket is copied
/// into direct memory, and a client that does not read is to have little of that. Confined to the
/// connection's event loop.
final class AnswerWriter {
  /// Of an answer up to this size all is written at once.
  static final int PIECE_BYTES = 16 * 1024;

  private final Channel socket;
  private final byte[] body;
  private final ChannelFutureListener onSent;
  private int queued;
  private boolean isQueued;

  /// @param onSent hears when all has gone into the socket, or cannot
  AnswerWriter(Channel socket, byte[] body, ChannelFutureListener onSent) {
    this.socket = socket;
    this.body = body;
    this.onSent = onSent;
  }

  /// @param response whole, or without the body that follows
  void begin(HttpResponse response) {
    if (response instanceof FullHttpResponse) {
      queued = body.length;
      finish(socket.writeAndFlush(response));
    } else {
      var unused = socket.write(response);
      goOn();
    }
  }

  /// Writes what the socket has room for.
  void goOn() {
    while (!isQueued && socket.isWritable()) {
      int length = Math.min(PIECE_BYTES, body.length - queued);
      var piece = new DefaultHttpContent(Unpooled.wrappedBuffer(body, queued, length));
      queued += length;
      ChannelFuture written = socket.writeAndFlush(piece);
      if (queued == body.length) {
        finish(socket.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT));
      } else if (written.isDone() && !written.isSuccess()) {
        finish(written);
      }
    }
  }

  private void finish(ChannelFuture last) {
    isQueued = true;
    last.addListener(onSent);
  }

  /// How much of it the client's side has taken, about.
  long takenBytes() {
    ChannelOutboundBuffer waiting = socket.unsafe().outboundBuffer();
    HalfClosedWrites others = HalfClosedWrites.of(socket);
    return queued
        - (waiting == null ? 0 : waiting.totalPendingWriteBytes())
        - (others == null ? 0 : others.waitingBytes());
  }
}
