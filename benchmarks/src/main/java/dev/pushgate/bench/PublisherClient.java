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
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One publisher: a keep-alive HTTP connection that posts a message when the one before is
/// answered, and with a rate not before its time. Confined to its loop, but for what says
/// otherwise.
final class PublisherClient extends ChannelInboundHandlerAdapter {
  private final int index;
  private final String channel;
  private final Secret key;
  private final int size;
  private final long intervalNanos;
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private final HttpAnswers answers = new HttpAnswers(this::answered);
  private volatile @Nullable ChannelHandlerContext context;
  private long dueNanos;
  private volatile boolean isStopping;
  private volatile long accepted;
  private volatile long refused;
  private volatile String trouble = "";

  /// @param index which of the publishers, from 0
  /// @param intervalNanos from one message to the next; 0 for as soon as the one before is answered
  PublisherClient(Target target, String channel, int index, int size, long intervalNanos) {
    this.index = index;
    this.channel = channel;
    this.key = target.key();
    this.size = size;
    this.intervalNanos = intervalNanos;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    this.context = context;
  }

  /// Begins. Thread-safe.
  void start() {
    connection()
        .executor()
        .execute(
            () -> {
              dueNanos = Stopwatch.nanos();
              next();
            });
  }

  /// Publishes nothing more; completes when the last message is answered. Thread-safe.
  CompletableFuture<Void> stop() {
    isStopping = true;
    return stopped;
  }

  /// How many messages were accepted. Thread-safe.
  long accepted() {
    return accepted;
  }

  /// How many were not. Thread-safe.
  long refused() {
    return refused;
  }

  /// What was the matter with the first that was not accepted; empty when all were. Thread-safe.
  String trouble() {
    return trouble;
  }

  private void next() {
    if (isStopping) {
      stopped.complete(null);
      return;
    }
    long early = intervalNanos == 0 ? 0 : dueNanos - Stopwatch.nanos();
    if (early > 0) {
      var unused = connection().executor().schedule(this::next, early, TimeUnit.NANOSECONDS);
      return;
    }
    // With a rate a message's time is when it was due, though the server kept us waiting: else a
    // slow server
    // would be asked less and look fast.
    long sentNanos = intervalNanos == 0 ? Stopwatch.nanos() : dueNanos;
    dueNanos += intervalNanos;
    ChannelFuture _ = connection().writeAndFlush(request(sentNanos), connection().voidPromise());
  }

  private ChannelHandlerContext connection() {
    return Objects.requireNonNull(context, "a publisher is started when it is connected");
  }

  private ByteBuf request(long sentNanos) {
    String body =
        "{\"channel\":\""
            + channel
            + "\",\"event\":\"b\",\"data\":"
            + MessageText.data(index, accepted, sentNanos, size)
            + "}";
    String head =
        "POST /api/v1/publish HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Authorization: Bearer "
            + key.reveal()
            + "\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n";
    return Unpooled.copiedBuffer(head + body, StandardCharsets.US_ASCII);
  }

  private void answered(int status) {
    if (status == 201) {
      accepted = accepted + 1;
    } else {
      refused = refused + 1;
      note("a publish was answered with HTTP status " + status);
    }
    next();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    try {
      answers.take(bytes.toString(StandardCharsets.ISO_8859_1));
    } finally {
      bytes.release();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    broken("the server broke a publisher's connection");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    broken(FailureWords.of(cause));
    ChannelFuture _ = context.close();
  }

  private void broken(String why) {
    if (!stopped.isDone()) {
      note(why);
      refused = refused + 1;
      stopped.complete(null);
    }
  }

  private void note(String why) {
    if (trouble.isEmpty()) {
      trouble = why;
    }
  }
}
