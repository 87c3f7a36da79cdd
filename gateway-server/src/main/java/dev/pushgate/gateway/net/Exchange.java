package dev.pushgate.gateway.net;

import dev.pushgate.rest.ApiResponse;
import dev.pushgate.rest.Reception;
import dev.pushgate.rest.Reception.Answering;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// A request that was let in, while its body comes and until it is answered. Known by its identity:
/// the answer to an exchange that has ended is dropped. Confined to the connection's event loop.
final class Exchange {
  private final HttpConnection connection;
  private final HttpServing serving;
  private final RequestHead head;
  private final Answering then;
  private final boolean isUpgrade;
  private final RequestBody body;
  private final AnswerHold hold;
  private final Pace pace;

  private Exchange(HttpConnection connection, HttpServing serving, HttpServing.Admission.Let let) {
    Reception.Read reception = let.reception();
    this.connection = connection;
    this.serving = serving;
    this.head = let.head();
    this.then = reception.then();
    this.isUpgrade = let.isUpgrade();
    this.body =
        new RequestBody(
            reception.maxBytes(), reception.holder(), serving.bodies(), this::bodyGivenUp);
    this.hold = serving.hold(reception.holder(), connection.socket().eventLoop());
    this.pace = serving.pace();
  }

  RequestHead head() {
    return head;
  }

  AnswerHold hold() {
    return hold;
  }

  private EventLoop loop() {
    return connection.socket().eventLoop();
  }

  /// Waits for the body from now on, and says so to a client that waits for that.
  static Exchange begin(
      HttpConnection connection, HttpServing serving, HttpServing.Admission.Let let) {
    Exchange begun = new Exchange(connection, serving, let);
    HttpRequest request = let.head().request();
    connection.read(begun.pace.untilNextLook());
    if (HttpUtil.is100ContinueExpected(request) && HeadCheck.hasBody(request)) {
      var unused = connection.socket().writeAndFlush(Responses.goOn());
    }
    return begun;
  }

  /// Looks whether the body comes fast enough.
  void look() {
    if (pace.isTooSlow(body.length())) {
      connection.refuse(TransportAnswers.lateRequest());
    } else {
      connection.read(pace.untilNextLook());
    }
  }

  /// Takes a part of the body, if it is still wanted.
  void take(HttpContent part) {
    if (!connection.isReading(this)) {
      return;
    }
    if (part.decoderResult().isFailure()) {
      connection.refuse(HeadCheck.undecodableBody(part.decoderResult()));
      return;
    }
    switch (body.append(part.content())) {
      case TOO_LARGE -> connection.refuse(TransportAnswers.bodyTooLarge(body.maxBytes()));
      case NO_ROOM -> connection.refuse(TransportAnswers.noRoom());
      case TAKEN -> {
        if (part instanceof LastHttpContent) {
          complete();
        }
      }
    }
  }

  /// On any thread.
  private void bodyGivenUp() {
    loop()
        .execute(
            () -> {
              if (connection.isReading(this)) {
                connection.refuse(TransportAnswers.noRoom());
              }
            });
  }

  private void complete() {
    byte[] whole = body.whole();
    if (whole == null) {
      connection.refuse(TransportAnswers.noRoom());
    } else if (isUpgrade) {
      connection.upgrade(head, pace.left());
    } else if (connection.work(pace.left())) {
      var unused = ask(whole).whenComplete(this::deliver);
    }
  }

  /// Asks the API for its answer. A bug in it is a failed stage, however it shows.
  private CompletionStage<ApiResponse> ask(byte[] whole) {
    try {
      return then.answer(head.withBody(whole), hold);
    } catch (Throwable e) {
      // Errors too: else nobody would give back what the body took.
      return CompletableFuture.failedStage(e);
    }
  }

  /// On any thread.
  private void deliver(@Nullable ApiResponse answer, @Nullable Throwable failure) {
    body.giveBack();
    ApiResponse given = answer == null ? serving.refused(TransportAnswers.failure()) : answer;
    if (failure != null) {
      serving.faults().warn("Request " + head.requestId() + " failed", failure);
    }
    ApiResponse held = serving.held(this, given);
    if (loop().inEventLoop()) {
      answer(held);
    } else {
      loop().execute(() -> answer(held));
    }
  }

  private void answer(ApiResponse answer) {
    if (connection.isWaitingFor(this)) {
      boolean isLast = !HttpUtil.isKeepAlive(head.request());
      connection.write(serving.judged(head, answer), isLast, hold);
    } else {
      hold.end();
    }
  }

  /// Nobody waits for the API's answer any more.
  void giveUp() {
    hold.giveUp();
  }

  /// It ends before the API was asked.
  void drop() {
    body.giveBack();
    hold.end();
  }
}
