package dev.pushgate.core.store;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.publication.Publication;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The durable streams of declared channels, as their homes need them. Thread-safe; no method
/// blocks.
///
/// Every adapter owes:
/// - *Time.* Every stage completes within the store's time limit, on a thread of the store. It
///   completes with [StoreUnavailableException] when the store could not say that the work is done,
///   or can say that it is not ([StoreUnavailableException#surelyDidNothing]); with
///   [UnstorableException] when it cannot hold what was to be written, and that one alone.
/// - *Order.* Appends of one channel take effect in the order of the calls, and one takes effect
///   only if the channel's stored epoch is its epoch and the stored head is the offset just before
///   its own: so no offset is given twice and none is left out, whatever crashed. An append that
///   does not fit completes with [StoreUnavailableException].
/// - *Atomicity.* An append's message, the channel's new head and the remembered answer become
///   durable together or not at all.
/// - *After doubt, truth.* [#open] waits until nothing of this channel that was called before it
///   can take effect any more, and then tells what did.
/// - *One owner.* A node that lost its claim on the database to another can append nothing.
public interface StreamStore {
  /// The stream of a declared channel; empty when the channel is not declared.
  ///
  /// @param maxMessages how many of the newest publications to bring along at the most
  /// @param maxBytes and how many bytes of them, as [Publication#weight] counts; both limits hold
  CompletionStage<Optional<OpenedStream>> open(ChannelKey key, int maxMessages, long maxBytes);

  /// Makes a publication durable.
  ///
  /// @param answer what a retry with the same idempotency key is to get, or null
  CompletionStage<Void> append(Publication publication, @Nullable RememberedAnswer answer);

  /// Declares a channel whose stream goes on from `start`. False when the channel is declared
  /// already.
  CompletionStage<Boolean> declare(DeclaredChannel channel, StreamPosition start);

  /// Ends a stream's epoch: it goes on in `epoch`, from offset 0. Its older messages and remembered
  /// answers stay. False, and nothing happens, when the stream does not stand at `found`.
  CompletionStage<Boolean> beginEpoch(ChannelKey key, StreamPosition found, String epoch);

  /// Forgets a declared channel, its messages and remembered answers. False when there is none. The
  /// name of a private one is kept, in the same step, until it is declared again or forgotten:
  /// [ChannelCatalog#privateNames].
  CompletionStage<Boolean> delete(ChannelKey key);
}
