package dev.pushgate.gateway.session;

import dev.pushgate.core.outcome.CloseReason;
import dev.pushgate.core.outcome.Refusal;

/// Hears what happens to the sessions of one shard, to be counted. Called on the shard's loop only,
/// several times for each frame: it has to be cheap.
public interface SessionObserver {
  void opened();

  /// A session that was opened has ended.
  void closed(CloseReason reason);

  /// A client was told why, and closed, before it had a session.
  void turnedAway(CloseReason reason);

  /// A client was told "no" by an error frame, and goes on.
  void refused(Refusal refusal);

  void frameReceived();

  void received(int bytes);

  /// Bytes were queued for a client.
  void sent(int bytes);

  /// A client said that it has seen a message.
  void acknowledged();
}
