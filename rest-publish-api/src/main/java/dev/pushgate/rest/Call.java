package dev.pushgate.rest;

import dev.pushgate.auth.App;
import dev.pushgate.auth.KeyKind;
import dev.pushgate.auth.Principal;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.outcome.Outcome;
import org.jspecify.annotations.Nullable;

/// A request whose sender is known. Immutable.
///
/// @param parameter the variable part of the path, percent-encoded; empty when it has none
/// @param room where a large answer takes room before it is made
record Call(ApiRequest request, String parameter, Principal principal, App app, AnswerRoom room) {

  /// Whether this one may read what declared channels are and were told.
  ///
  /// @param isPrivate whether the channel is private; with true, it is asked about all of them
  boolean mayRead(boolean isPrivate) {
    return mayRead(principal, app, isPrivate);
  }

  static boolean mayRead(Principal principal, App app, boolean isPrivate) {
    return principal.holds(KeyKind.SECRET)
        || (!isPrivate && app.publishKeysRead() && principal.mayWhatPublishKeysMay());
  }

  /// The channel that the path names; refused when that is no channel's name.
  Outcome<ChannelKey> channel() {
    String name = PercentEncoding.decoded(parameter, false);
    if (name == null) {
      return Outcome.invalid("slug", "is not percent-encoded UTF-8");
    }
    @Nullable ChannelName channel = ChannelName.parse(name).orElse(null);
    return channel == null
        ? Outcome.invalid("slug", ChannelName.RULE)
        : Outcome.done(new ChannelKey(app.id(), channel));
  }
}
