package dev.pushgate.core.engine;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.store.ChannelCatalog.Listed;
import dev.pushgate.core.store.DeclaredChannel;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/// Declaring channels and changing them under their members. Thread-safe; stages complete on any
/// thread, never exceptionally, and are refused with `STORE_UNAVAILABLE` when the store could not
/// answer.
public interface Channels {
  /// Why a private channel is not deleted.
  Outcome.Refused<?> TOO_MANY_DELETED =
      new Outcome.Refused<>(
          Refusal.QUOTA_EXCEEDED,
          "Too many private channels were deleted of late: their names stay private for a while");

  /// Why nothing more is declared.
  Outcome.Refused<?> NO_ROOM =
      new Outcome.Refused<>(
          Refusal.QUOTA_EXCEEDED,
          "As many channels are declared as this node has memory for: delete some first");

  /// The declared channel of this name, from memory, [without
  /// texts][DeclaredChannel#withoutTexts].
  Optional<DeclaredChannel> declared(ChannelKey key);

  /// Whether subscribing to a channel needs a grant, from memory: it is declared private, or it was
  /// until it was deleted of late.
  boolean isPrivate(ChannelKey key);

  /// Declares a channel. One that is in use keeps its position and members. Refused with `CONFLICT`
  /// when it is declared already, and with 503 when there is no memory for more.
  CompletionStage<Outcome<Listed>> declare(DeclaredChannel channel);

  /// Changes a channel's settings. Members who may not stay in a channel made private are told and
  /// removed. Refused with `CHANNEL_NOT_FOUND` when it is not declared.
  CompletionStage<Outcome<Listed>> update(ChannelKey key, UnaryOperator<DeclaredChannel> change);

  /// Deletes a channel and its messages; its members are told and removed. Gives the deleted
  /// channel's key. Refused with `CHANNEL_NOT_FOUND` when it is not declared, and with
  /// `QUOTA_EXCEEDED` when it is private and more such names would be kept than may be.
  CompletionStage<Outcome<ChannelKey>> delete(ChannelKey key);
}
