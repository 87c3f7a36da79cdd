package dev.pushgate.gateway.net;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.core.memory.MemoryShare;
import dev.pushgate.core.name.ClientNetwork;
import dev.pushgate.core.pace.RateLimitedLog;
import dev.pushgate.gateway.net.HeadCheck.Verdict;
import dev.pushgate.rest.ApiResponse;
import dev.pushgate.rest.Reception;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
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
  private final Bodies bodies;
  private final MemoryShare answers;
  private final Responses responses;

  private final LargeAnswers large = new LargeAnswers();
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
    this.bodies = new Bodies(limits.memory().share(MemoryKind.BODIES));
    this.answers = limits.memory().share(MemoryKind.ANSWERS);
    this.responses = new Responses(clock);
  }

  /// Who takes `/ws`; null where no WebSocket is served.
  @Nullable WebSocketUpgrade upgrade() {
    return upgrade;
  }

  HttpLimits limits() {
    return limits;
  }

  Bodies bodies() {
    return bodies;
  }

  /// @param loop of the connection
  AnswerHold hold(MemoryHolder holder, Executor loop) {
    return new AnswerHold(answers, holder, large, loop);
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

  /// What came of a request's head.
  sealed interface Admission {
    /// @param isUpgrade whether it asks for a WebSocket
    record Let(RequestHead head, Reception.Read reception, boolean isUpgrade)
        implements Admission {}

    /// To be answered at once, and the connection closed: what follows the head is not read.
    record Refused(ApiResponse answer) implements Admission {}
  }

  Admission admit(HttpRequest request, Channel socket, String requestId) {
    return switch (headCheck.check(request, socket, requestId)) {
      case Verdict.Accepted(RequestHead head) -> receive(head);
      case Verdict.Upgrade(RequestHead head) -> new Admission.Let(head, upgrade(head), true);
      case Verdict.Refused(ApiResponse answer) -> new Admission.Refused(refused(answer));
    };
  }

  /// Asks the API whether a request's body is worth reading, how much of it, and on whose account.
  private Admission receive(RequestHead head) {
    return switch (api.reception(head.withBody(NO_BODY))) {
      case Reception.Read(int bytes, var holder, var then) ->
          let(head, Math.min(bytes, limits.maxBodyBytes()), holder, then);
      case Reception.Refused(ApiResponse answer) ->
          HeadCheck.hasBody(head.request())
              ? new Admission.Refused(judged(head, answer))
              // It keeps its connection, and is judged with its answer.
              : let(head, 0, MemoryHolder.NODE, (_, _) -> CompletableFuture.completedStage(answer));
    };
  }

  private static Admission let(
      RequestHead head, int maxBytes, MemoryHolder holder, Reception.Answering then) {
    MemoryHolder whose = holder.equals(MemoryHolder.NODE) ? stranger(head) : holder;
    return new Admission.Let(head, new Reception.Read(maxBytes, whose, then), false);
  }

  private Reception.Read upgrade(RequestHead head) {
    return new Reception.Read(0, stranger(head), (request, _) -> api.handle(request));
  }

  private static MemoryHolder stranger(RequestHead head) {
    return new MemoryHolder(null, null, ClientNetwork.of(head.remoteAddress()));
  }

  /// Of something that begins now.
  Pace pace() {
    return new Pace(limits.leastRate(), limits.times().request());
  }

  /// What the client gets instead of the API's answer when there is no room for that, and nothing
  /// was carried out for it; else the same.
  ApiResponse held(Exchange exchange, ApiResponse answer) {
    HttpMethod method = exchange.head().request().method();
    boolean isHead = method.equals(HttpMethod.HEAD);
    int bytes = isHead ? 0 : answer.body().length;
    return exchange.hold().made(bytes, isHead || method.equals(HttpMethod.GET))
        ? answer
        : refused(TransportAnswers.noRoomForAnswer());
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
