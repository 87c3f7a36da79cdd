package dev.pushgate.gateway.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
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
          .setHeadersFactory(FewHeaders.FACTORY)
          .setTrailersFactory(FewHeaders.FACTORY);

  private static final IllegalArgumentException TWO_LENGTHS =
      new QuietException("both Content-Length and Transfer-Encoding");

  private static final IllegalArgumentException BAD_CHUNK_LINE =
      new QuietException("a chunk's size or extensions are malformed, or too large");

  private static final IllegalArgumentException NOT_HTTP =
      new QuietException("the protocol's name is HTTP, in capitals");

  /// About what a field takes beside its texts, in all that keeps it.
  private static final int FIELD_BYTES = 250;

  private static final ByteBuf EMPTY = Unpooled.EMPTY_BUFFER;
  private static final String ONE_POINT = "HTTP/1.";
  private static final int VERSION_LENGTH = ONE_POINT.length() + 1;

  /// The context is this handler's own, and there from the first byte on.
  private @Nullable ChannelHandlerContext context;

  private boolean begun;
  private boolean held;
  private boolean decoding;
  private boolean discarding;

  /// Of the chunked body that is coming; null when none is.
  private @Nullable ChunkLines chunks;

  /// The connection's: it ends it.
  private final HeadRoom.Head head;

  /// The message whose head is being read, or was read last.
  private @Nullable HttpMessage message;

  private boolean isHeadWhole;

  /// What was read of its head, and of its trailers.
  private int headBytes;

  /// The longest head so far: Netty keeps room for its longest line.
  private int longestHeadBytes;

  /// @param head what the heads of this connection take
  OneRequestDecoder(HeadRoom.Head head) {
    super(CONFIG);
    this.head = head;
    setCumulator(OneRequestDecoder::onHeap);
  }

  /// What has come and is not decoded lies on the heap: direct memory is for what clients are to be
  /// sent, and a socket's bytes are read into more of it than they fill.
  private static ByteBuf onHeap(ByteBufAllocator allocator, ByteBuf before, ByteBuf bytes) {
    try {
      if (before.isReadable()) {
        return before.writeBytes(bytes);
      }
      before.release();
      return bytes.isReadable() ? Unpooled.buffer(bytes.readableBytes()).writeBytes(bytes) : EMPTY;
    } finally {
      bytes.release();
    }
  }

  /// What is held for the present head and for what was sent behind it: when it is whole its texts
  /// are there twice, as decoded and as the API takes them.
  private long heldBytes() {
    ByteBuf waiting = internalBuffer();
    return heldForHead() + (waiting.isReadable() ? waiting.capacity() : 0);
  }

  private long heldForHead() {
    int fields = message == null ? 0 : message.headers().size();
    return longestHeadBytes
        + (isHeadWhole ? 2L : 1L) * headBytes
        + (long) FIELD_BYTES * (isInTrailers() ? FewHeaders.MAX_FIELDS : fields);
  }

  /// Whether there is room for the head until the API has answered, which is not asked yet: from
  /// then on it is not given up for others any more. If there is none, nothing more is decoded.
  boolean holdsUntilAnswered() {
    if (!head.holds(heldForHead())) {
      discard();
      return false;
    }
    head.asked();
    return true;
  }

  private boolean isInTrailers() {
    return chunks != null && chunks.isBehindChunks();
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
    isHeadWhole = false;
    message = null;
    headBytes = 0;
    head.next();
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
  protected void handlerRemoved0(ChannelHandlerContext ctx) throws Exception {
    message = null; // the connection may live on
    super.handlerRemoved0(ctx);
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
    if (outermost && !discarding && !ctx.isRemoved() && !head.holds(heldBytes())) {
      discard();
      var unused = ctx.close();
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
    int from = bytes.readerIndex();
    super.decode(ctx, bytes, out);
    int read = bytes.readerIndex() - from;
    if (chunks != null && !hasFailed(out) && !chunks.take(bytes, from, bytes.readerIndex())) {
      fail(out);
    }
    if (!isHeadWhole || isInTrailers()) {
      headBytes += read;
      longestHeadBytes = Math.max(longestHeadBytes, headBytes);
    }
    if (!out.isEmpty()) {
      isHeadWhole = true;
      held = out.getLast() instanceof LastHttpContent;
      chunks = chunksBehind(out.getLast());
    }
  }

  private static boolean hasFailed(List<Object> out) {
    return !out.isEmpty()
        && out.getLast() instanceof HttpObject last
        && last.decoderResult().isFailure();
  }

  private static void fail(List<Object> out) {
    out.forEach(ReferenceCountUtil::release);
    out.clear();
    LastHttpContent failed = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
    failed.setDecoderResult(DecoderResult.failure(BAD_CHUNK_LINE));
    out.add(failed);
  }

  private @Nullable ChunkLines chunksBehind(Object decoded) {
    if (decoded instanceof HttpMessage head) {
      return HttpUtil.isTransferEncodingChunked(head) ? new ChunkLines() : null;
    }
    return decoded instanceof LastHttpContent ? null : chunks;
  }

  /// The name is case-sensitive, which Netty does not know; and who speaks a later HTTP/1 is
  /// answered in ours (RFC 9112, section 2.3; RFC 9110, section 2.5).
  @Override
  protected HttpMessage createMessage(String[] requestLine) throws Exception {
    String version = requestLine[2];
    if (!version.startsWith("HTTP/")) {
      throw NOT_HTTP;
    }
    boolean isLater =
        version.length() == VERSION_LENGTH
            && version.startsWith(ONE_POINT)
            && version.charAt(VERSION_LENGTH - 1) > '1'
            && version.charAt(VERSION_LENGTH - 1) <= '9';
    HttpMessage made =
        super.createMessage(
            isLater
                ? new String[] {requestLine[0], requestLine[1], HttpVersion.HTTP_1_1.text()}
                : requestLine);
    message = made;
    return made;
  }

  /// When a client closes its sending half, Netty would throw away what is not decoded yet:
  /// requests that are to be answered still. What is unfinished then is the connection's to end.
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (event == ChannelInputShutdownEvent.INSTANCE) {
      ctx.fireUserEventTriggered(event);
    } else {
      super.userEventTriggered(ctx, event);
    }
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
