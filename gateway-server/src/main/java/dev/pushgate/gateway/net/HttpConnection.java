package dev.pushgate.gateway.net;

import dev.pushgate.gateway.net.loop.Deadline;
import dev.pushgate.gateway.net.loop.GatewayLoop;
import dev.pushgate.gateway.net.loop.Lingering;
import dev.pushgate.rest.ApiResponse;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
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
  private final HeadRoom.Head held;
  private final HttpServing serving;
  private final Deadline deadline;
  private final Lingering lingering;
  private final ConnectionRoom.Place place;
  private final WaitingUpgrade upgrade;

  private ConnectionState state = ConnectionState.AWAITING;
  private boolean headIsTimed = true;
  private @Nullable HttpRequest request;
  private @Nullable Exchange exchange;
  private boolean hasSeenEnd;
  private boolean isTurnedAway;
  private @Nullable OutgoingAnswer outgoing;
  private String requestId = "";
  private long begunNanos;

  HttpConnection(
      Channel socket,
      OneRequestDecoder decoder,
      HeadRoom.Head head,
      HttpServing serving,
      GatewayLoop loop,
      Function<HttpConnection, ConnectionRoom.Place> place) {
    this.socket = socket;
    this.decoder = decoder;
    this.held = head;
    this.upgrade = new WaitingUpgrade(head, this::handOver);
    this.serving = serving;
    this.place = place.apply(this);
    this.lingering = loop.lingering();
    this.deadline = loop.deadlines().register(this::expired, serving.limits().times().handshake());
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    serving.open().add(this);
    place.enter();
    wantMore();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (state == ConnectionState.AWAITING && message instanceof HttpRequest head) {
        begin(head);
      } else if (message instanceof HttpContent part && exchange instanceof Exchange current) {
        current.take(part);
      } else if (state == ConnectionState.UPGRADING && message instanceof ByteBuf bytes) {
        upgrade.take(bytes); // of a client that half-closes all is read
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  /// Whether this one's body is coming.
  boolean isReading(Exchange asked) {
    return state == ConnectionState.READING && asked == exchange;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    wantMore();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (outgoing != null) {
      outgoing.writer().goOn();
    }
  }

  /// A client may close its sending half behind a request and wait for the answer. What it has not
  /// sent by then never comes.
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == ChannelInputShutdownEvent.INSTANCE) {
      hasSeenEnd = true;
      HalfClosedWrites.addTo(socket);
      wantMore();
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    dropUnasked();
    stopAsking();
    upgrade.cancel();
    endOutgoing();
    held.end();
    state = ConnectionState.GONE;
    request = null; // others may know this connection for a while
    exchange = null;
    deadline.cancel();
    place.leave();
    serving.open().remove(this);
    ByteBuf bytes = upgrade.takeBehind();
    if (bytes != null) {
      ctx.fireChannelRead(bytes).fireChannelReadComplete();
    }
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
    socket.eventLoop().execute(this::wantMore);
  }

  /// Can be called from anywhere.
  void close() {
    var unused = socket.close();
  }

  /// Closes it for want of room: behind its answer when the API has its request or has answered it.
  /// Can be called from anywhere.
  void turnAway() {
    socket
        .eventLoop()
        .execute(
            () -> {
              switch (state) {
                case AWAITING, READING, UPGRADING, LINGERING -> close();
                case WORKING, ANSWERING -> isTurnedAway = true;
                case GONE -> {}
              }
            });
  }

  ConnectionRoom.Place place() {
    return place;
  }

  Channel socket() {
    return socket;
  }

  private void begin(HttpRequest head) {
    place.busy();
    request = head;
    begunNanos = System.nanoTime();
    requestId = RequestId.of(head.headers());
    switch (serving.admit(head, socket, requestId)) {
      case HttpServing.Admission.Let let -> exchange = Exchange.begin(this, serving, let);
      case HttpServing.Admission.Refused(ApiResponse answer) -> write(answer, true, null);
    }
  }

  /// The API gets the request; its answer is waited for.
  ///
  /// @return false when there is no room for the head until then, and the connection is closed
  boolean work(Duration time) {
    if (!decoder.holdsUntilAnswered()) {
      close();
      return false;
    }
    state = ConnectionState.WORKING;
    deadline.reset(time);
    return true;
  }

  /// More of the body is waited for.
  void read(Duration time) {
    state = ConnectionState.READING;
    deadline.reset(time);
  }

  /// Hands the socket over when its turn comes: at once when there is no room to wait for it.
  ///
  /// @param time how long it may take
  void upgrade(RequestHead asked, Duration time) {
    WebSocketUpgrade upgrades = serving.upgrade();
    if (upgrades == null) {
      close();
      return;
    }
    WebSocketUpgrade.Pending pending =
        upgrades.pending(socket, asked.request(), asked.remoteAddress(), requestId);
    state = ConnectionState.UPGRADING;
    request = null;
    exchange = null;
    place.leaveAddress();
    deadline.reset(time);
    socket.pipeline().remove(decoder); // it keeps as much room as the longest line took
    upgrade.begin(pending);
  }

  private void handOver() {
    WebSocketUpgrade.Pending pending = upgrade.over();
    state = ConnectionState.GONE;
    deadline.cancel();
    place.leave(); // a session takes memory of its own
    boolean isHalfClosed = hasSeenEnd;
    try {
      pending.upgrade();
    } catch (RuntimeException | Error e) {
      // In its turn nobody else would hear of it, and nothing would end the connection.
      serving.faults().warn("Closed a connection at its upgrade, request " + requestId, e);
      close();
    }
    if (isHalfClosed && socket.isActive()) {
      var unused = socket.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    }
  }

  /// Whether this one's answer is waited for: not one that comes after the deadline's, or after the
  /// end of the connection.
  boolean isWaitingFor(Exchange asked) {
    return state == ConnectionState.WORKING && asked == exchange;
  }

  /// Answers without the API.
  void refuse(ApiResponse answer) {
    write(serving.refused(answer), true, null);
  }

  /// @param hold what the answer takes of the room of all; null for a small one that is made here
  void write(ApiResponse answer, boolean close, @Nullable AnswerHold hold) {
    boolean last = close || isTurnedAway || place.isCrowded() || serving.open().isDraining();
    if (last) {
      decoder.discard();
    }
    RequestLog.answered(
        request, requestId, answer.status(), request == null ? 0 : System.nanoTime() - begunNanos);
    dropUnasked();
    place.busy();
    state = ConnectionState.ANSWERING;
    exchange = null;
    OutgoingAnswer begun =
        new OutgoingAnswer(
            new AnswerWriter(socket, answer.body(), sent -> written(sent, last)),
            hold,
            serving.pace());
    outgoing = begun;
    deadline.reset(begun.pace().untilNextLook());
    HttpResponse response = serving.responses().of(answer, request, requestId, last);
    request = null;
    begun.writer().begin(response);
  }

  private void written(Future<?> sent, boolean last) throws Exception {
    endOutgoing();
    if (state != ConnectionState.ANSWERING) {
      return;
    }
    if (!sent.isSuccess()) {
      close();
    } else if (last || isTurnedAway) {
      decoder.discard();
      linger();
    } else {
      awaitNext();
    }
  }

  private void awaitNext() throws Exception {
    state = ConnectionState.AWAITING;
    headIsTimed = false;
    deadline.reset(serving.limits().times().idle());
    place.idle();
    decoder.next();
    if (!decoder.isDecoding()) {
      wantMore();
    }
  }

  /// What the API has been given is given back when the API is done with it, which may be long
  /// after the connection.
  private void dropUnasked() {
    if (state == ConnectionState.READING && exchange != null) {
      exchange.drop();
    }
  }

  private void stopAsking() {
    if (state == ConnectionState.WORKING && exchange != null) {
      exchange.giveUp();
    }
  }

  private void endOutgoing() {
    if (outgoing != null) {
      outgoing.end();
      outgoing = null;
    }
  }

  private void linger() {
    state = ConnectionState.LINGERING;
    deadline.reset(LINGER_TIME);
    lingering.add(socket);
    if (socket instanceof DuplexChannel duplex) {
      var unused = duplex.shutdownOutput();
    }
    wantMore();
  }

  private void wantMore() {
    if (state == ConnectionState.AWAITING && decoder.hasBegun() && !headIsTimed) {
      headIsTimed = true;
      deadline.reset(serving.limits().times().handshake());
    }
    switch (state) {
      case AWAITING, READING, LINGERING -> {
        boolean isIdle = state == ConnectionState.AWAITING && !decoder.hasBegun();
        boolean isEnded = hasSeenEnd;
        if (isEnded && !isIdle && state != ConnectionState.LINGERING) {
          requestId = state == ConnectionState.AWAITING ? RequestId.fresh() : requestId;
          refuse(TransportAnswers.malformed(400, "The request ended before it was complete"));
        } else if (isEnded || (isIdle && serving.open().isDraining())) {
          close();
        } else {
          socket.read();
        }
      }
      case WORKING, UPGRADING, ANSWERING, GONE -> {}
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
      case READING -> Objects.requireNonNull(exchange).look();
      case WORKING -> {
        stopAsking();
        refuse(TransportAnswers.lateAnswer());
      }
      case UPGRADING -> {
        upgrade.cancel();
        refuse(TransportAnswers.lateUpgrade());
      }
      case ANSWERING -> {
        if (outgoing == null || outgoing.isTooSlow()) {
          close();
        } else {
          deadline.reset(outgoing.pace().untilNextLook());
        }
      }
      case LINGERING -> close();
      case GONE -> {}
    }
  }
}
