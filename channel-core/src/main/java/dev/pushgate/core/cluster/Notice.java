package dev.pushgate.core.cluster;

import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import org.jspecify.annotations.Nullable;

/// What one node tells all. Immutable.
public sealed interface Notice {
  /// Keys or apps changed in the store.
  record KeysChanged() implements Notice {}

  /// A channel was declared, changed or deleted in the store.
  record ChannelChanged(ChannelKey key) implements Notice {}

  /// The sessions of `target` are to be closed.
  record Disconnect(AppId app, Target target) implements Notice {}

  /// The sessions of `target` are to leave a channel.
  ///
  /// @param key which; null for all of the app
  record Unsubscribe(AppId app, Target target, @Nullable ChannelKey key) implements Notice {}
}
