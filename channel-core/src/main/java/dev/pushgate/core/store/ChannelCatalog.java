package dev.pushgate.core.store;

import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.publication.Publication;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Declared channels and their archive, as the REST API reads them. Thread-safe; no method blocks;
/// every stage completes within the store's time limit on a thread of the store, with
/// [StoreUnavailableException] when the store could not answer.
public interface ChannelCatalog {
  /// Reads every declared channel of every app, in the order of their declaration and [without
  /// texts][DeclaredChannel#withoutTexts], some at a time: all together may be more than memory has
  /// room for.
  ///
  /// @param action is called for one after the other, and must not block; when the stage fails, it
  ///     may have been called for some
  CompletionStage<Void> forEach(Consumer<DeclaredChannel> action);

  CompletionStage<Optional<Listed>> find(ChannelKey key);

  /// An app's declared channels, newest first.
  ///
  /// @param privateToo whether those are among them that are private
  CompletionStage<Page<Listed>> list(AppId app, boolean privateToo, PageRequest page);

  /// Names of private channels of every app that were deleted and not declared again: by name, how
  /// long ago that was.
  ///
  /// @param kept only those that were deleted less than this ago
  CompletionStage<Map<ChannelKey, Duration>> privateNames(Duration kept);

  /// The same of one name; empty when no private channel of it was deleted.
  CompletionStage<Optional<Duration>> privateName(ChannelKey key);

  /// Forgets those that were deleted this long ago or longer. A wall clock that has just jumped is
  /// not believed.
  CompletionStage<Void> forgetPrivateNames(Duration kept);

  /// Changes the settings of a declared channel in one transaction and gives the channel as it is
  /// now; empty when it is not declared.
  CompletionStage<Optional<Listed>> update(ChannelKey key, UnaryOperator<DeclaredChannel> change);

  /// The archive of a declared channel, newest first; empty when it is not declared.
  ///
  /// @param room is asked, on a thread of the store, for as many bytes as the page has before it is
  ///     read; when it has none the stage fails with [PageTooLargeException]
  CompletionStage<Optional<Page<Publication>>> history(
      ChannelKey key, HistoryFilter filter, PageRequest page, LongPredicate room);

  /// A declared channel and how many messages its archive holds.
  record Listed(DeclaredChannel channel, long messageCount) {}

  /// @param page counted from 1
  /// @param pageSize 1 to 100
  record PageRequest(int page, int pageSize) {}

  /// One page of a list, and how long the whole list is.
  record Page<T>(List<T> items, long total) {
    public Page {
      items = List.copyOf(items);
    }
  }

  /// @param eventType only messages of this type, or null for all
  /// @param afterMs only messages later than this, in milliseconds since 1970, or null
  /// @param beforeMs only messages earlier than this, in milliseconds since 1970, or null
  record HistoryFilter(
      @Nullable String eventType, @Nullable Long afterMs, @Nullable Long beforeMs) {}
}
