package dev.pushgate.rest.json;

/// Bytes that are not JSON. Carries no stack trace: whoever sends garbage gets to cost little.
/// Immutable.
public final class MalformedJson extends Exception {
  private static final long serialVersionUID = 1L;

  /// @param why what is wrong and where, for whoever sent it
  MalformedJson(String why) {
    super(why, null, false, false);
  }
}
