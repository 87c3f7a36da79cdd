package dev.pushgate.gateway.cli;

/// How one connection of a subscription ended. Immutable.
sealed interface Ending {
  /// All that was asked for has been printed.
  record Complete() implements Ending {}

  /// Coming back would not help.
  record Refused(String why) implements Ending {}

  /// @param atOnce whether the server asks to come back without delay
  record Broken(String why, boolean atOnce) implements Ending {}
}
