package dev.pushgate.gateway.net;

import org.jspecify.annotations.Nullable;

/// An answer on its way to the client. Immutable.
///
/// @param hold what it takes of the room of all; null when that is nothing
record OutgoingAnswer(AnswerWriter writer, @Nullable AnswerHold hold, Pace pace) {

  boolean isTooSlow() {
    return pace.isTooSlow(writer.takenBytes());
  }

  /// It is sent, or never will be.
  void end() {
    if (hold != null) {
      hold.end();
    }
  }
}
