package dev.pushgate.rest;

import dev.pushgate.core.outcome.Outcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/// Joins what is known now to what is known later. Stateless.
final class Steps {
  private Steps() {}

  static <T> CompletionStage<Outcome<T>> now(Outcome<T> outcome) {
    return CompletableFuture.completedStage(outcome);
  }

  /// Goes on with what was done, or ends with the refusal.
  static <T, R> CompletionStage<Outcome<R>> after(
      Outcome<T> outcome, Function<? super T, CompletionStage<Outcome<R>>> next) {
    return switch (outcome) {
      case Outcome.Done<T>(T value) -> next.apply(value);
      case Outcome.Refused<T> refused -> now(refused.as());
    };
  }
}
