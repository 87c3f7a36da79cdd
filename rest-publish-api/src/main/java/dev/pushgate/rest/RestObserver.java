package dev.pushgate.rest;

import dev.pushgate.core.outcome.Refusal;

/// Hears what happens at the REST API, for metrics. Called on event loops and on threads of the
/// store: thread-safe and quick.
public interface RestObserver {
  /// A request, or one message of several, was refused.
  void refused(Refusal refusal);

  /// A publish call was answered.
  ///
  /// @param messages how many of its messages were accepted, at least 1
  /// @param nanos from when the call was read to when its last message was accepted
  void published(int messages, long nanos);
}
