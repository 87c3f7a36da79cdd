package dev.pushgate.gateway.relay.redis;

import java.util.concurrent.CompletionStage;

/// One call of a script, on its way. Thread-safe.
public interface ScriptCall {
  /// Completes within the relay's time limit, with
  /// [dev.pushgate.core.relay.RelayUnavailableException] when there is no answer. It completes on a
  /// thread of the relay, which must not be blocked.
  CompletionStage<Reply> reply();

  /// Whether Redis may have run it, or may yet: false when it surely did not and will not. To be
  /// asked when [#reply] failed.
  boolean mayHaveRun();
}
