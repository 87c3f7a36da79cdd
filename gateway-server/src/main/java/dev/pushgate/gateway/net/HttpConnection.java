package dev.pushgate.gateway.net;

import dev.pushgate.gateway.net.HeadCheck.Verdict;
import dev.pushgate.gateway.net.loop.Deadline;
import dev.pushgate.gateway.net.loop.DeadlineWheel;
import dev.pushgate.rest.ApiResponse;
import dev.pushgate.rest.Reception;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One HTTP connection: takes one request after the other, hands it to the API, writes its answer.
/// It reads from the socket only while it wants bytes, so a client that sends ahead waits in its
/// own send buffer. Every state has a deadline. Confined to the connection's event loop, but for
/// [#drain] and [#close].
final class HttpConnection extends ChannelInboundHandlerAdapter {
  /// How long a client may take to read a last answer before unread bytes of its own destroy it:
  /// closing a socket that still holds some resets the connection (RFC 9112, section 9.6).
  private static final Duration LINGER_TIME = Duration.ofSeconds(2);

  private final Channel socket;
  private final OneRequestDecoder decoder;
  private final HttpServing serving;
  private final Deadline deadline;

  private ConnectionState state = ConnectionState.AWAITING;
  private boolean headIsTimed = true;
  private @Nullable HttpRequest request;
  private @Nullable Exchange exchange;
  private String requestId = "";
  private long begunNanos;

  HttpConnection(
      Channel socket, OneRequestDecoder decoder, HttpServing serving, DeadlineWheel deadlines) {
    this.socket = socket;
    this.decoder = decoder;
    this.serving = serving;
    this.deadline = deadlines.register(this::expired, serving.limits().handshakeTime());
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    serving.open().add(this);
    wantMore();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (state == ConnectionState.AWAITING && message instanceof HttpRequest head) {
        begin(head);
      } else if (state == ConnectionState.READING && message instanceof HttpContent part) {
        take(part);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    wantMore();
  }

  /// A client may close its sending half behind a request and wait for the answer. What it has not
  /// sent by then never comes.
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == ChannelInputShutdownEvent.INSTANCE) {
      closeWhenNothingIsToCome();
    }
  }

  private void closeWhenNothingIsToCome() {
    switch (state) {
      case AWAITING, READING, LINGERING -> close();
      case WORKING, ANSWERING, GONE -> {}
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    dropBody();
    state = ConnectionState.GONE;
    deadline.cancel();
    serving.open().remove(this);
  }

  /// A client that goes away is no news; everything else that arrives here is a bug.
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!(cause instanceof IOException)) {
      serving.faults().warn("Closed an HTTP connection, request " + requestId, cause);
    }
    close();
  }

  /// Ends the connection without cutting off an answer: now if it is idle, else behind the answer.
  /// Can be called from anywhere.
  void drain() {
    socket
        .eventLoop()
        .execute(
            () -> {
              if (isIdle()) {
                close();
              }
            });
  }

  /// Can be called from anywhere.
  void close() {
    var unused = socket.close();
  }

  private boolean isIdle() {
    return state == ConnectionState.AWAITING && !decoder.hasBegun();
  }

  private void begin(HttpRequest head) {
    request = head;
    begunNanos = System.nanoTime();
    requestId = RequestId.of(head.headers());
    switch (serving.headCheck().check(head, socket, requestId)) {
      case Verdict.Accepted(RequestHead accepted) -> {
        switch (serving.reception(accepted)) {
          case Reception.Read reception -> accept(accepted, reception, false);
          case Reception.Refused(ApiResponse answer) -> write(answer, true);
        }
      }
      case Verdict.Upgrade(RequestHead accepted) -> accept(accepted, serving.whole(), true);
      case Verdict.Refused(ApiResponse answer) -> refuse(answer);
    }
  }

  private void accept(RequestHead head, Reception.Read reception, boolean upgrade) {
    state = ConnectionState.READING;
    deadline.reset(serving.limits().requestTime());
    RequestBody body = new RequestBody(reception.maxBytes(), serving.bodies());
    exchange = new Exchange(head, body, reception, upgrade);
    if (HttpUtil.is100ContinueExpected(head.request()) && HeadCheck.hasBody(head.request())) {
      var unused = socket.writeAndFlush(Responses.goOn());
    }
  }

  private void take(HttpContent part) {
    Exchange current = exchange;
    if (current == null) {
      return;
    }
    if (part.decoderResult().isFailure()) {
      refuse(HeadCheck.undecodableBody(part.decoderResult()));
      return;
    }
    switch (current.body().append(part.content())) {
      case TOO_LARGE -> refuse(TransportAnswers.bodyTooLarge(current.body().maxBytes()));
      case NO_ROOM -> refuse(TransportAnswers.noRoom());
      case TAKEN -> {
        if (part instanceof LastHttpContent) {
          complete(current);
        }
      }
    }
  }

  private void complete(Exchange current) {
    WebSocketUpgrade upgrade = serving.upgrade();
    if (upgrade != null && current.isUpgrade()) {
      if (decoder.hasSeenEnd()) {
        close();
        return;
      }
      state = ConnectionState.GONE;
      deadline.cancel();
      RequestHead head = current.head();
      upgrade.upgrade(socket, head.request(), head.remoteAddress(), requestId);
      return;
    }
    state = ConnectionState.WORKING;
    var unused =
        HttpServing.ask(current)
            .whenComplete((answer, failure) -> deliver(current, answer, failure));
  }

  /// On any thread.
  private void deliver(
      Exchange answered, @Nullable ApiResponse answer, @Nullable Throwable failure) {
    answered.body().giveBack();
    ApiResponse given = answer == null ? serving.refused(TransportAnswers.failure()) : answer;
    if (failure != null) {
      serving.faults().warn("Request " + answered.head().requestId() + " failed", failure);
    }
    if (socket.eventLoop().inEventLoop()) {
      answer(answered, given);
    } else {
      socket.eventLoop().execute(() -> answer(answered, given));
    }
  }

  /// An answer that comes after the deadline's, or after the end of the connection, is dropped.
  private void answer(Exchange answered, ApiResponse answer) {
    if (state == ConnectionState.WORKING && answered == exchange) {
      ApiResponse judged = serving.judged(answered.head(), answer);
      write(judged, !HttpUtil.isKeepAlive(answered.head().request()));
    }
  }

  /// Answers without the API.
  private void refuse(ApiResponse answer) {
    write(serving.refused(answer), true);
  }

  private void write(ApiResponse answer, boolean close) {
    boolean last = close || serving.open().isDraining();
    if (last) {
      decoder.discard();
    }
    RequestLog.answered(
        request, requestId, answer.status(), request == null ? 0 : System.nanoTime() - begunNanos);
    dropBody();
    state = ConnectionState.ANSWERING;
    exchange = null;
    deadline.reset(serving.limits().requestTime());
    socket
        .writeAndFlush(serving.responses().of(answer, request, requestId, last))
        .addListener((ChannelFutureListener) sent -> written(sent.isSuccess(), last));
  }

  private void written(boolean success, boolean last) throws Exception {
    if (state != ConnectionState.ANSWERING) {
      return;
    }
    if (!success) {
      close();
    } else if (last) {
      linger();
    } else {
      awaitNext();
    }
  }

  private void awaitNext() throws Exception {
    state = ConnectionState.AWAITING;
    request = null;
    headIsTimed = false;
    deadline.reset(serving.limits().idleTime());
    decoder.next();
    if (!decoder.isDecoding()) {
      wantMore();
    }
  }

  /// A body that the API has been given is given back when the API is done with it, which may be
  /// long after the connection.
  private void dropBody() {
    if (state == ConnectionState.READING && exchange != null) {
      exchange.body().giveBack();
    }
  }

  private void linger() {
    state = ConnectionState.LINGERING;
    deadline.reset(LINGER_TIME);
    if (socket instanceof DuplexChannel duplex) {
      var unused = duplex.shutdownOutput();
    }
    wantMore();
  }

  private void wantMore() {
    if (state == ConnectionState.AWAITING && decoder.hasBegun() && !headIsTimed) {
      headIsTimed = true;
      deadline.reset(serving.limits().handshakeTime());
    }
    if (isIdle() && serving.open().isDraining()) {
      close();
      return;
    }
    if (decoder.hasSeenEnd()) {
      closeWhenNothingIsToCome();
      return;
    }
    switch (state) {
      case AWAITING, READING, LINGERING -> socket.read();
      case WORKING, ANSWERING, GONE -> {}
    }
  }

  private void expired() {
    switch (state) {
      case AWAITING -> {
        if (decoder.hasBegun()) {
          requestId = RequestId.fresh();
          refuse(TransportAnswers.lateRequest());
        } else {
          close();
        }
      }
      case READING -> refuse(TransportAnswers.lateRequest());
      case WORKING -> refuse(TransportAnswers.lateAnswer());
      case ANSWERING, LINGERING -> close();
      case GONE -> {}
    }
  }
}
