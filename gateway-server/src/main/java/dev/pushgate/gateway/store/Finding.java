package dev.pushgate.gateway.store;

import dev.pushgate.gateway.store.dialect.Fault;
import java.util.List;
import java.util.regex.Pattern;

/// What is wrong with the database. Immutable.
///
/// @param kind what makes it the same as another one, for whoever tells each kind once
/// @param words the database's own
record Finding(Fault fault, String kind, String words) {
  /// What differs from one failure of a kind to the next.
  private static final Pattern NUMBERS = Pattern.compile("[0-9]+");

  /// What is heard one after the other of one server that ends and starts again: the connection
  /// breaks, there is none, it is starting. A failure without a code is of a connection too.
  private static final List<String> GONE = List.of("08001", "08003", "08006", "57P");

  private static final String NO_CODE = "";

  /// What everybody is told.
  ///
  /// @param said which fault the database's own code means: a refusal may be of one table or
  ///     another, and its words say which; any other is the same however it is worded
  /// @param counts the fault that it is taken for
  /// @param code empty when there is none
  static Finding of(Fault said, Fault counts, String code, String words) {
    return new Finding(
        counts,
        switch (said) {
          case REFUSED, BAD_DATA -> kind(code, words);
          case READ_ONLY -> code;
          case AWAY -> isGone(code) ? "gone" : code;
        },
        words);
  }

  /// That no answer came.
  static Finding silent(String why) {
    return of(Fault.AWAY, Fault.AWAY, NO_CODE, why);
  }

  private static boolean isGone(String code) {
    return code.equals(NO_CODE) || GONE.stream().anyMatch(code::startsWith);
  }

  /// One kind of refusal: its code, and its words without what is counted in them.
  static String kind(String code, String words) {
    return code + " " + NUMBERS.matcher(words).replaceAll("#");
  }

  /// @param place the database, for people
  String sentence(String place) {
    String what = fault == Fault.AWAY ? " is away: " : " takes no messages: ";
    return "The " + place + what + words;
  }
}
