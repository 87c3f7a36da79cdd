package dev.pushgate.rest;

import dev.pushgate.auth.App;
import dev.pushgate.auth.Authenticator;
import dev.pushgate.auth.KeyDirectory;
import dev.pushgate.auth.Keys;
import dev.pushgate.auth.TokenMinter;
import dev.pushgate.core.cluster.Nodes;
import dev.pushgate.core.cluster.Notices;
import dev.pushgate.core.cluster.Occupancy;
import dev.pushgate.core.engine.Channels;
import dev.pushgate.core.engine.Positions;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.pace.RateLimitedLog;
import dev.pushgate.core.presence.Rosters;
import dev.pushgate.core.relay.Relay;
import dev.pushgate.core.relay.RelayUnavailableException;
import dev.pushgate.core.store.ChannelCatalog;
import dev.pushgate.core.store.StoreUnavailableException;
import dev.pushgate.core.store.UnstorableException;
import dev.pushgate.rest.Route.Action;
import dev.pushgate.rest.Route.Reply;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// The REST API: a function from request to response. Thread-safe; does not block. A response may
/// complete on another thread than the one that asked: on the loop of a channel's home or on a
/// thread of the store.
public final class RestApi {
  private final RestObserver observer;
  private final Cors cors;
  private final RateLimitedLog failures;
  private final Heads heads;

  /// What the API works with.
  public record Ports(
      Relay relay,
      Channels channels,
      ChannelCatalog catalog,
      Rosters rosters,
      Authenticator authenticator,
      KeyDirectory directory,
      Keys keys,
      TokenMinter minter,
      Cluster cluster) {}

  /// What it learns of this node and of all others, and how it reaches them.
  public record Cluster(Occupancy occupancy, Nodes nodes, Notices notices, Positions positions) {}

  /// @param maxDataBytes of one message's data, as it was written
  /// @param maxBatch messages in one batch
  /// @param maxChannelsPerPublish channels that one message is published to
  public record Limits(
      int maxDataBytes,
      int maxBatch,
      int maxChannelsPerPublish,
      Duration defaultTokenTtl,
      Duration maxTokenTtl) {}

  public RestApi(
      Ports ports, Limits limits, PublishLimiter limiter, RestObserver observer, Clock clock) {
    this.observer = observer;
    this.cors = new Cors(ports.directory());
    this.failures = new RateLimitedLog(LoggerFactory.getLogger(RestApi.class), System::nanoTime);
    this.heads =
        new Heads(
            new RouteTable(Routes.of(ports, limits, limiter, observer, clock)),
            ports.authenticator(),
            ports.directory());
  }

  /// Answers a request that is there as a whole. The stage never completes exceptionally.
  public CompletionStage<ApiResponse> handle(ApiRequest request) {
    try {
      return answer(request, heads.judge(request), AnswerRoom.UNBOUNDED);
    } catch (RuntimeException e) {
      return done(request, null, response(failed(request, e)));
    }
  }

  /// Whether a request's body need be read, on whose account, and who answers it then: it need not
  /// when there is nothing at its address, or no key or token is shown that may do what is done
  /// there. Never throws.
  ///
  /// @param head the request without its body
  public Reception reception(ApiRequest head) {
    try {
      HeadVerdict verdict = heads.judge(head);
      return verdict instanceof HeadVerdict.Refused refused
          ? new Reception.Refused(cors.readable(head, refused.app(), counted(refused)))
          : new Reception.Read(
              Heads.maxBodyBytes(head, verdict),
              Heads.holder(head, verdict),
              (request, room) -> answerSafely(request, verdict, room));
    } catch (RuntimeException e) {
      return new Reception.Refused(cors.readable(head, null, response(failed(head, e))));
    }
  }

  private CompletionStage<ApiResponse> answerSafely(
      ApiRequest request, HeadVerdict verdict, AnswerRoom room) {
    try {
      return answer(request, verdict, room);
    } catch (RuntimeException e) {
      return done(request, null, response(failed(request, e)));
    }
  }

  private CompletionStage<ApiResponse> answer(
      ApiRequest request, HeadVerdict verdict, AnswerRoom room) {
    return switch (verdict) {
      case HeadVerdict.Refused refused -> done(request, refused.app(), counted(refused));
      case HeadVerdict.Options(String allowed) ->
          CompletableFuture.completedStage(cors.options(request, allowed));
      case HeadVerdict.Open(Action.Open(var call), Caller caller) ->
          answer(request, () -> call.apply(request, caller));
      case HeadVerdict.Guarded guarded -> {
        HeadVerdict now = heads.again(guarded);
        yield now instanceof HeadVerdict.Guarded admitted
            ? called(request, admitted, room)
            : answer(request, now, room);
      }
    };
  }

  private CompletionStage<ApiResponse> called(
      ApiRequest request, HeadVerdict.Guarded admitted, AnswerRoom room) {
    Call call = new Call(request, admitted.parameter(), admitted.principal(), admitted.app(), room);
    return answer(request, admitted.app(), () -> admitted.action().call().apply(call));
  }

  private CompletionStage<ApiResponse> answer(ApiRequest request, Supplier<Reply> call) {
    Outcome.Refused<ApiResponse> unreadable = unreadable(request);
    if (unreadable != null) {
      return done(request, null, refused(unreadable));
    }
    Reply reply = call.get();
    return done(request, reply.app(), response(reply.outcome()));
  }

  private CompletionStage<ApiResponse> answer(
      ApiRequest request, App app, Supplier<CompletionStage<Outcome<ApiResponse>>> call) {
    Outcome.Refused<ApiResponse> unreadable = unreadable(request);
    if (unreadable != null) {
      return done(request, app, refused(unreadable));
    }
    return call.get()
        .handle(
            (outcome, failure) -> {
              Outcome<ApiResponse> whole = failure == null ? outcome : failed(request, failure);
              return cors.readable(request, app, response(whole));
            });
  }

  /// Why the body is not read; null when it is, or when none is asked for.
  private static Outcome.@Nullable Refused<ApiResponse> unreadable(ApiRequest request) {
    return BodyHeaders.isRead(request) ? BodyHeaders.refusal(request) : null;
  }

  private ApiResponse response(Outcome<ApiResponse> outcome) {
    return switch (outcome) {
      case Outcome.Done<ApiResponse>(ApiResponse response) -> response;
      case Outcome.Refused<ApiResponse> refused -> refused(refused);
    };
  }

  private ApiResponse counted(HeadVerdict.Refused refused) {
    observer.refused(refused.refusal());
    return refused.answer();
  }

  private ApiResponse refused(Outcome.Refused<?> refused) {
    observer.refused(refused.refusal());
    return Answers.refused(refused);
  }

  private Outcome<ApiResponse> failed(ApiRequest request, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof StoreUnavailableException) {
      return new Outcome.Refused<>(Refusal.STORE_UNAVAILABLE);
    }
    if (cause instanceof UnstorableException) {
      return Outcome.refused(
          Refusal.VALIDATION_ERROR, "The database does not take what is in this request");
    }
    if (cause instanceof RelayUnavailableException) {
      return new Outcome.Refused<>(Refusal.RELAY_UNAVAILABLE);
    }
    failures.error(
        "Request " + request.requestId() + " failed: " + request.method() + " " + request.path(),
        cause);
    return new Outcome.Refused<>(Refusal.SERVER_ERROR);
  }

  private CompletionStage<ApiResponse> done(
      ApiRequest request, @Nullable App app, ApiResponse response) {
    return CompletableFuture.completedStage(cors.readable(request, app, response));
  }
}
