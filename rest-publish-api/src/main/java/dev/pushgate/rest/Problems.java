package dev.pushgate.rest;

import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What is wrong with a request, field by field, so that one answer names all of it. Confined to
/// its request.
final class Problems {
  private @Nullable Map<String, List<String>> byField;

  /// @param why what the field must be or lacks, as the rest of a sentence that begins with its
  ///     name
  void add(String field, String why) {
    if (byField == null) {
      byField = new TreeMap<>();
    }
    byField.computeIfAbsent(field, name -> new ArrayList<>()).add(why);
  }

  boolean none() {
    return byField == null;
  }

  /// The `VALIDATION_ERROR` that tells all of it; to be asked only when there is something.
  <T> Outcome.Refused<T> refused() {
    if (byField == null) {
      throw new IllegalStateException("nothing is wrong");
    }
    List<String> sentences = new ArrayList<>();
    byField.forEach((field, whys) -> whys.forEach(why -> sentences.add(field + " " + why)));
    return new Outcome.Refused<>(Refusal.VALIDATION_ERROR, String.join("; ", sentences), byField);
  }
}
