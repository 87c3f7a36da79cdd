package dev.pushgate.gateway.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ByteProcessor;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decodes one request and then stops until [#next], so that requests which a client sends ahead
/// wait as bytes: they are answered in order, they take no more memory than was read from the
/// socket at once, and what stands behind an upgrade request is not mistaken for HTTP. (A
/// flow-control handler behind Netty's codec would queue decoded messages instead, those of a
/// WebSocket's first frames too.) Confined to the connection's event loop.
final class OneRequestDecoder extends HttpRequestDecoder {
  /// A connection token of 8 KiB fits into the upgrade's query, also when it is percent-encoded.
  private static final int MAX_REQUEST_LINE_BYTES = 16 * 1024;

  private static final int MAX_HEADER_BYTES = 16 * 1024;
  private static final int MAX_PART_BYTES = 64 * 1024;

  private static final HttpDecoderConfig CONFIG =
      new HttpDecoderConfig()
          .setMaxInitialLineLength(MAX_REQUEST_LINE_BYTES)
          .setMaxHeaderSize(MAX_HEADER_BYTES)
          .setMaxChunkSize(MAX_PART_BYTES)
          .setAllowDuplicateContentLengths(false)
          .setUseRfc9112TransferEncoding(true)
          .setStrictLineParsing(true)
          .setValidateHeaders(true);

  private static final IllegalArgumentException TWO_LENGTHS =
      new QuietException("both Content-Length and Transfer-Encoding");

  /// The context is this handler's own, and there from the first byte on.
  private @Nullable ChannelHandlerContext context;

  private boolean begun;
  private boolean held;
  private boolean decoding;
  private boolean discarding;

  OneRequestDecoder() {
    super(CONFIG);
  }

  /// Whether any byte of the current request has been seen, but for line ends before it.
  boolean hasBegun() {
    return begun;
  }

  /// Whether the caller is being called by this decoder, which will go on by itself after that.
  boolean isDecoding() {
    return decoding;
  }

  /// Lets the next request through; decodes it at once if its bytes are there. Called from within a
  /// call of this decoder it only lets that go on, so that any number of requests sent ahead need
  /// no deeper stack.
  void next() throws Exception {
    held = false;
    begun = false;
    if (!decoding && context != null) {
      channelRead(context, Unpooled.EMPTY_BUFFER);
    }
  }

  /// Throws away everything from now on.
  void discard() {
    discarding = true;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object bytes) throws Exception {
    if (discarding) {
      ReferenceCountUtil.release(bytes);
      return;
    }
    boolean outermost = !decoding;
    decoding = true;
    try {
      super.channelRead(ctx, bytes);
    } finally {
      decoding = !outermost;
    }
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf bytes, List<Object> out)
      throws Exception {
    if (discarding) {
      bytes.skipBytes(bytes.readableBytes());
      return;
    }
    if (held) {
      return;
    }
    // Line ends before a request line are none of it (RFC 9112, section 2.2).
    begun |= bytes.forEachByte(ByteProcessor.FIND_NON_CRLF) >= 0;
    super.decode(ctx, bytes, out);
    held = !out.isEmpty() && out.getLast() instanceof LastHttpContent;
  }

  /// Netty would trust one of the two. That a proxy in front may have trusted the other is how
  /// requests are smuggled (RFC 9112, section 6.3).
  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw TWO_LENGTHS;
  }

  /// Bad input is no news, and costs no stack trace.
  private static final class QuietException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    QuietException(String message) {
      super(message);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }
}
