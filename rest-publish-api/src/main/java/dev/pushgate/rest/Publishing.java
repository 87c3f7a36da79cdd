package dev.pushgate.rest;

import dev.pushgate.auth.Principal;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.publication.PublishRequest;
import dev.pushgate.core.publication.Published;
import dev.pushgate.core.relay.Relay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/// Hands admitted messages to the relay and writes what came of it. Thread-safe.
final class Publishing {
  private final Relay relay;
  private final PublishLimiter limiter;
  private final RestObserver observer;

  Publishing(Relay relay, PublishLimiter limiter, RestObserver observer) {
    this.relay = relay;
    this.limiter = limiter;
    this.observer = observer;
  }

  /// Publishes one message and answers with its publish result.
  CompletionStage<Outcome<ApiResponse>> one(Principal principal, PublishRequest request) {
    long startNanos = System.nanoTime();
    ApiResponse limited = limited(principal, 1);
    if (limited != null) {
      return CompletableFuture.completedStage(Outcome.done(limited));
    }
    return relay.publish(request).thenApply(outcome -> answer(outcome, startNanos));
  }

  private Outcome<ApiResponse> answer(Outcome<Published> outcome, long startNanos) {
    return switch (outcome) {
      case Outcome.Done<Published>(Published published) -> {
        observer.published(1, System.nanoTime() - startNanos);
        yield Outcome.done(Answers.success(201, json -> Shapes.published(json, published)));
      }
      case Outcome.Refused<Published> refused -> refused.as();
    };
  }

  /// Publishes those of several messages that were admitted, and answers with a result for each.
  /// Messages of one channel keep their order: all are handed over by this thread, one after the
  /// other.
  ///
  /// @param listName what the request calls the list, for the details of a refusal
  CompletionStage<Outcome<ApiResponse>> several(
      Principal principal, List<Outcome<PublishRequest>> admitted, String listName) {
    long startNanos = System.nanoTime();
    int count = Results.countDone(admitted);
    ApiResponse limited = count == 0 ? null : limited(principal, count);
    if (limited != null) {
      return CompletableFuture.completedStage(Outcome.done(limited));
    }
    List<CompletableFuture<Outcome<Published>>> answers = new ArrayList<>(admitted.size());
    admitted.forEach(one -> answers.add(start(one)));
    return CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
        .thenApply(
            all -> {
              var outcomes = answers.stream().map(CompletableFuture::join).toList();
              return answer(outcomes, listName, startNanos);
            });
  }

  private CompletableFuture<Outcome<Published>> start(Outcome<PublishRequest> admitted) {
    return switch (admitted) {
      case Outcome.Done<PublishRequest>(PublishRequest request) ->
          relay.publish(request).toCompletableFuture();
      case Outcome.Refused<PublishRequest> refused ->
          CompletableFuture.completedFuture(refused.as());
    };
  }

  private Outcome<ApiResponse> answer(
      List<Outcome<Published>> outcomes, String listName, long startNanos) {
    int accepted = Results.countDone(outcomes);
    if (accepted == 0) {
      return Results.refusedAsAWhole(outcomes, listName);
    }
    observer.published(accepted, System.nanoTime() - startNanos);
    outcomes.forEach(this::noteRefusal);
    return Outcome.done(
        Answers.success(
            200,
            json -> {
              json.writeStartObject();
              json.writeNumberProperty("accepted", accepted);
              json.writeNumberProperty("refused", outcomes.size() - accepted);
              json.writeArrayPropertyStart("results");
              outcomes.forEach(outcome -> writeResult(json, outcome));
              json.writeEndArray();
              json.writeEndObject();
            }));
  }

  private static void writeResult(JsonGenerator json, Outcome<Published> outcome) {
    json.writeStartObject();
    switch (outcome) {
      case Outcome.Done<Published>(Published published) -> {
        json.writeBooleanProperty("success", true);
        json.writeName("data");
        Shapes.published(json, published);
      }
      case Outcome.Refused<Published> refused -> Answers.writeError(json, refused);
    }
    json.writeEndObject();
  }

  private void noteRefusal(Outcome<Published> outcome) {
    if (outcome instanceof Outcome.Refused<Published> refused) {
      observer.refused(refused.refusal());
    }
  }

  private @Nullable ApiResponse limited(Principal principal, int messages) {
    Duration retryAfter = limiter.retryAfter(principal, messages).orElse(null);
    if (retryAfter == null) {
      return null;
    }
    observer.refused(Refusal.RATE_LIMITED);
    return Answers.refused(
        new Outcome.Refused<>(Refusal.RATE_LIMITED, "This key publishes too much"), retryAfter);
  }
}
