package dev.pushgate.core.engine;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// Where channels' streams stand. Thread-safe; does not block.
@FunctionalInterface
public interface Positions {
  /// The newest position of a channel; empty when there is no stream of that name: nobody declared
  /// it, and nobody has used it of late. Asking makes none.
  ///
  /// Completes on any thread, or fails with `StoreUnavailableException` or
  /// `RelayUnavailableException` when what has to be read cannot be.
  CompletionStage<Optional<StreamPosition>> newest(ChannelKey key);
}
