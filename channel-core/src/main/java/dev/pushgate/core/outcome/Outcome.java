package dev.pushgate.core.outcome;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// What came of a request: it was done, or it was refused. Exceptions are left for bugs and
/// infrastructure. Immutable.
public sealed interface Outcome<T> {

  /// It was done, with this result.
  record Done<T>(T value) implements Outcome<T> {}

  /// It was refused and changed nothing.
  ///
  /// @param refusal the code
  /// @param sentence what was wrong, for people; never holds a secret or a stack trace
  /// @param details field → what is wrong with it; empty when no field is to blame
  record Refused<T>(Refusal refusal, String sentence, Map<String, List<String>> details)
      implements Outcome<T> {

    public Refused {
      details = Map.copyOf(details);
    }

    public Refused(Refusal refusal, String sentence) {
      this(refusal, sentence, Map.of());
    }

    public Refused(Refusal refusal) {
      this(refusal, refusal.sentence());
    }

    /// The same refusal of something else.
    @SuppressWarnings("unchecked") // a refusal holds no T
    public <R> Refused<R> as() {
      return (Refused<R>) this;
    }
  }

  static <T> Outcome<T> done(T value) {
    return new Done<>(value);
  }

  static <T> Outcome<T> refused(Refusal refusal, String sentence) {
    return new Refused<>(refusal, sentence);
  }

  /// A `VALIDATION_ERROR` that names one field.
  static <T> Outcome<T> invalid(String field, String why) {
    return new Refused<>(Refusal.VALIDATION_ERROR, field + " " + why, Map.of(field, List.of(why)));
  }

  default <R> Outcome<R> map(Function<? super T, ? extends R> next) {
    return switch (this) {
      case Done<T>(T value) -> new Done<>(next.apply(value));
      case Refused<T> refused -> refused.as();
    };
  }

  default <R> Outcome<R> flatMap(Function<? super T, Outcome<R>> next) {
    return switch (this) {
      case Done<T>(T value) -> next.apply(value);
      case Refused<T> refused -> refused.as();
    };
  }
}
