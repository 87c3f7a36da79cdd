package dev.pushgate.bench;

import dev.pushgate.auth.Secret;
import dev.pushgate.core.outcome.FailureWords;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// One subscriber: a WebSocket client that checks and counts what it gets, and is cheap, so that
/// many of them can load a server from the same machine. Confined to its loop, but for the future.
final class SubscriberClient extends ChannelInboundHandlerAdapter {
  private static final String HEAD_END = "\r\n\r\n";

  /// A frame's first byte (final, opcode) and second (masked, length) in front of a mask of zeros,
  /// with which masked bytes are the bytes themselves.
  private static final int MASKED = 0x80;

  private static final int TEXT_FRAME = 0x81;
  private static final int PONG_FRAME = 0x8a;
  private static final int LONGEST_SHORT_FRAME = 125;

  private final String channel;
  private final Secret key;
  private final boolean isGateway;
  private final MessageCheck check;
  private final Tally tally;
  private final CompletableFuture<Void> subscribed = new CompletableFuture<>();
  private final FrameSplitter splitter = new FrameSplitter(this::frame);
  private final StringBuilder handshake = new StringBuilder();
  private @Nullable ChannelHandlerContext context;
  private boolean isUpgraded;
  private long nowNanos;
  private volatile String trouble = "";

  SubscriberClient(Target target, String channel, MessageCheck check, Tally tally) {
    this.channel = channel;
    this.key = target.key();
    this.isGateway = target.isGateway();
    this.check = check;
    this.tally = tally;
  }

  /// Completes when the subscription is confirmed.
  CompletableFuture<Void> subscribed() {
    return subscribed;
  }

  MessageCheck check() {
    return check;
  }

  /// What ended the connection before its time; empty when nothing did.
  String trouble() {
    return trouble;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    String request =
        "GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + "Authorization: Bearer "
            + key.reveal()
            + "\r\n\r\n";
    this.context = context;
    ChannelFuture _ = context.writeAndFlush(ascii(request), context.voidPromise());
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    try {
      nowNanos = Stopwatch.nanos();
      if (!isUpgraded) {
        shakeHands(bytes);
      }
      if (isUpgraded && bytes.isReadable()) {
        byte[] lent = ReadScratch.copyOf(bytes);
        splitter.take(lent, 0, bytes.readableBytes());
      }
    } finally {
      bytes.release();
    }
  }

  private void shakeHands(ByteBuf bytes) {
    while (bytes.isReadable() && !isUpgraded) {
      handshake.append((char) bytes.readByte());
      int from = handshake.length() - HEAD_END.length();
      isUpgraded = from >= 0 && handshake.indexOf(HEAD_END, from) >= 0;
    }
    if (!isUpgraded) {
      return;
    }
    if (!handshake.toString().startsWith("HTTP/1.1 101 ")) {
      fail("the upgrade was refused: " + handshake.toString().lines().findFirst().orElse(""));
    } else if (!isGateway) {
      subscribed.complete(null);
    }
  }

  private void frame(int opcode, byte[] bytes, int from, int to) {
    switch (opcode) {
      case FrameSplitter.TEXT -> text(bytes, from, to);
      case FrameSplitter.PING -> send(PONG_FRAME, Unpooled.copiedBuffer(bytes, from, to - from));
      case FrameSplitter.CLOSE ->
          fail("the server closed the connection: " + close(bytes, from, to));
      default -> fail("the server sent a frame with opcode " + opcode);
    }
  }

  private void text(byte[] bytes, int from, int to) {
    int data = MessageText.find(bytes, from, to);
    if (data >= 0) {
      check.take(
          (int) MessageText.publisher(bytes, data, to),
          MessageText.number(bytes, data, to, MessageText.Field.NUMBER),
          isGateway ? MessageText.offset(bytes, data, to) : -1);
      tally.delivered(MessageText.number(bytes, data, to, MessageText.Field.TIME), nowNanos);
    } else {
      answer(new String(bytes, from, to - from, StandardCharsets.UTF_8), bytes, from, to);
    }
  }

  private void answer(String text, byte[] bytes, int from, int to) {
    if (text.contains("\"type\":\"connected\"")) {
      send(TEXT_FRAME, ascii("{\"type\":\"subscribe\",\"channel\":\"" + channel + "\"}"));
    } else if (text.contains("\"type\":\"subscribed\"")) {
      check.joinedAt(MessageText.offset(bytes, from, to));
      subscribed.complete(null);
    } else {
      fail("the server said " + text);
    }
  }

  private void send(int firstByte, ByteBuf payload) {
    int length = payload.readableBytes();
    if (length > LONGEST_SHORT_FRAME) {
      throw new IllegalArgumentException("too long for this client: " + length);
    }
    ChannelHandlerContext connection = Objects.requireNonNull(context, "nothing is sent before");
    ByteBuf frame = connection.alloc().buffer(6 + length);
    frame.writeByte(firstByte).writeByte(MASKED | length).writeInt(0).writeBytes(payload);
    payload.release();
    ChannelFuture _ = connection.writeAndFlush(frame, connection.voidPromise());
  }

  private static String close(byte[] bytes, int from, int to) {
    return to - from < 2
        ? "without a reason"
        : ((bytes[from] & 0xff) << 8 | bytes[from + 1] & 0xff)
            + " "
            + new String(bytes, from + 2, to - from - 2, StandardCharsets.UTF_8);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    fail("the server broke the connection");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    fail(FailureWords.of(cause));
    ChannelFuture _ = context.close();
  }

  private void fail(String why) {
    if (trouble.isEmpty()) {
      trouble = why;
    }
    subscribed.completeExceptionally(new BenchFailedException(why));
  }

  private static ByteBuf ascii(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
  }
}
