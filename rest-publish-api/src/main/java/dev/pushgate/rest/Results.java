package dev.pushgate.rest;

import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What came of several messages, taken together. Stateless.
final class Results {
  private Results() {}

  static <T> int countDone(List<Outcome<T>> outcomes) {
    int done = 0;
    for (Outcome<T> outcome : outcomes) {
      if (outcome instanceof Outcome.Done<T>) {
        done++;
      }
    }
    return done;
  }

  /// One refusal for messages that were all refused. It has the code that they share. If they
  /// share none, it has one that a retry may get past, for a publisher that tries again loses
  /// nothing; and else it is the publisher's to correct.
  ///
  /// @param listName the field that holds them; the details are told of `listName[0]` and so on
  static <T, R> Outcome<R> refusedAsAWhole(List<Outcome<T>> outcomes, String listName) {
    Map<String, List<String>> details = new HashMap<>();
    List<Refusal> codes = new ArrayList<>();
    for (int i = 0; i < outcomes.size(); i++) {
      if (outcomes.get(i) instanceof Outcome.Refused<T> refused) {
        codes.add(refused.refusal());
        addDetails(details, listName + "[" + i + "]", refused);
      }
    }
    return new Outcome.Refused<>(
        common(codes), "Not one message was accepted; details say why", details);
  }

  private static void addDetails(
      Map<String, List<String>> details, String place, Outcome.Refused<?> refused) {
    if (refused.details().isEmpty()) {
      details.put(place, List.of(refused.sentence()));
    }
    refused.details().forEach((field, whys) -> details.put(place + "." + field, whys));
  }

  private static Refusal common(List<Refusal> codes) {
    if (codes.stream().distinct().count() == 1) {
      return codes.getFirst();
    }
    return codes.stream().filter(Refusal::retryable).findFirst().orElse(Refusal.VALIDATION_ERROR);
  }
}
