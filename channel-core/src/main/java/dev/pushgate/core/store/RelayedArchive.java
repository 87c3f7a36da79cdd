package dev.pushgate.core.store;

import dev.pushgate.core.publication.Publication;
import java.util.concurrent.CompletionStage;

/// The archive of declared channels whose streams a relay keeps: there the relay gives the places,
/// and the archive takes them over. Thread-safe; no method blocks.
public interface RelayedArchive {
  /// Makes a publication durable at the place it has; does nothing when it is there already.
  /// Several nodes may do the same. Epochs are ordered by when the archive first heard of them.
  ///
  /// @return completes with true when it is there; with false when its channel is not declared (any
  ///     more). Completes with [StoreUnavailableException] when the store cannot say, with
  ///     [UnstorableException] when it cannot hold this message, and with [IllegalStateException]
  ///     when another message has that place
  CompletionStage<Boolean> add(Publication publication);

  /// Whether the store is known to be away: then nothing is begun that would need it.
  boolean isAway();
}
