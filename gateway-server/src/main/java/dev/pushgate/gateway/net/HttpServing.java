package dev.pushgate.gateway.net;

import dev.pushgate.core.pace.RateLimitedLog;
import dev.pushgate.rest.ApiResponse;
import dev.pushgate.rest.Reception;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// What all HTTP connections of a listener share. Thread-safe.
final class HttpServing {
  private static final int UNAUTHORIZED = 401;
  private static final byte[] NO_BODY = {};

  private final HttpApi api;
  private final @Nullable WebSocketUpgrade upgrade;
  private final @Nullable AddressGuard guard;
  private final HttpObserver observer;
  private final HeadCheck headCheck;
  private final HttpLimits limits;
  private final BodyBudget bodies;
  private final Responses responses;
  private final OpenConnections open = new OpenConnections();
  private final RateLimitedLog faults =
      new RateLimitedLog(LoggerFactory.getLogger(HttpPipeline.class), System::nanoTime);

  /// @param upgrade null where no WebSocket is served
  /// @param guard null where nobody authenticates
  HttpServing(
      HttpApi api,
      @Nullable WebSocketUpgrade upgrade,
      @Nullable AddressGuard guard,
      HttpObserver observer,
      ClientOrigin origin,
      HttpLimits limits,
      Clock clock) {
    this.api = api;
    this.upgrade = upgrade;
    this.guard = guard;
    this.observer = observer;
    this.headCheck = new HeadCheck(limits.maxBodyBytes(), origin, upgrade != null);
    this.limits = limits;
    this.bodies = new BodyBudget(limits.maxBodiesBytes());
    this.responses = new Responses(clock);
  }

  @Nullable WebSocketUpgrade upgrade() {
    return upgrade;
  }

  HeadCheck headCheck() {
    return headCheck;
  }

  HttpLimits limits() {
    return limits;
  }

  BodyBudget bodies() {
    return bodies;
  }

  Responses responses() {
    return responses;
  }

  OpenConnections open() {
    return open;
  }

  RateLimitedLog faults() {
    return faults;
  }

  /// Asks the API whether a request's body is worth reading, and how much of it.
  Reception reception(RequestHead head) {
    if (!HeadCheck.hasBody(head.request())) {
      return whole();
    }
    return switch (api.reception(head.withBody(NO_BODY))) {
      case Reception.Read(int bytes, var then) ->
          new Reception.Read(Math.min(bytes, limits.maxBodyBytes()), then);
      case Reception.Refused(ApiResponse answer) -> new Reception.Refused(judged(head, answer));
    };
  }

  /// Of requests that are judged when they are whole.
  Reception.Read whole() {
    return new Reception.Read(limits.maxBodyBytes(), api::handle);
  }

  /// Asks the API for its answer. A bug in it is a failed stage, however it shows.
  static CompletionStage<ApiResponse> ask(Exchange exchange) {
    try {
      return exchange.then().apply(exchange.head().withBody(exchange.body().toBytes()));
    } catch (Throwable e) {
      // Errors too: else nobody would give back what the body took of the budget.
      return CompletableFuture.failedStage(e);
    }
  }

  /// What the client gets instead of the API's answer when its address has failed to authenticate
  /// too often; else the same.
  ApiResponse judged(RequestHead head, ApiResponse answer) {
    return answer.status() != UNAUTHORIZED || guard == null || guard.failed(head.remoteAddress())
        ? answer
        : refused(TransportAnswers.tooManyFailures());
  }

  /// Counts an answer that the transport gives by itself.
  ApiResponse refused(ApiResponse answer) {
    observer.refused(answer.status());
    return answer;
  }
}
