package dev.pushgate.rest.json;

import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;

/// JSON that is not read, and why. Carries no stack trace: whoever sends garbage gets to cost
/// little. Immutable.
public final class MalformedJson extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean isJson;

  private MalformedJson(String why, boolean isJson) {
    super(why, null, false, false);
    this.isJson = isJson;
  }

  /// The grammar is broken.
  ///
  /// @param why what is wrong and where, for whoever sent it
  static MalformedJson byGrammar(String why) {
    return new MalformedJson(why, false);
  }

  /// The grammar allows it and we do not: it is too deep, or there is no telling what it means.
  static MalformedJson byRule(String why) {
    return new MalformedJson(why, true);
  }

  /// Whether it is JSON all the same, as far as it was read: only a rule of ours is broken.
  public boolean isJson() {
    return isJson;
  }

  /// The `INVALID_JSON` that says so.
  ///
  /// @param what the whole that was to be read: a body, a frame
  public <T> Outcome.Refused<T> refused(String what) {
    return new Outcome.Refused<>(
        Refusal.INVALID_JSON, "The " + what + " is not valid JSON: " + getMessage());
  }
}
