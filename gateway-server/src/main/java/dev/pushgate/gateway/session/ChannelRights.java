package dev.pushgate.gateway.session;

import dev.pushgate.auth.App;
import dev.pushgate.auth.Permission;
import dev.pushgate.auth.Principal;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;

/// What a session may do with the channels of its app, as things are at the moment of asking: its
/// token may be another one by then. Confined to its session.
record ChannelRights(Session session, SessionServices services) {

  /// The channel, or why it may not be used: `FORBIDDEN`, never `UNAUTHORIZED`, which PushFlo's
  /// client takes for a bad key; or `CHANNEL_NOT_FOUND` where channels must be declared and this
  /// one is not.
  Outcome<ChannelKey> use(Permission permission, ChannelName name) {
    Principal principal = principal();
    ChannelKey key = new ChannelKey(principal.app(), name);
    if (!principal.may(permission, name, services.channels().isPrivate(key))) {
      return Outcome.refused(
          Refusal.FORBIDDEN, "You may not " + permission.wireName() + " on this channel");
    }
    if (services.channels().declared(key).isEmpty() && !allowsUndeclared()) {
      return new Outcome.Refused<>(Refusal.CHANNEL_NOT_FOUND);
    }
    return Outcome.done(key);
  }

  /// The channel, if one may be present there: only with a token that grants it, for a key names
  /// nobody.
  Outcome<ChannelKey> attend(ChannelName name) {
    Principal principal = principal();
    return principal instanceof Principal.TokenBearer
            && principal.may(Permission.PRESENCE, name, true)
        ? Outcome.done(new ChannelKey(principal.app(), name))
        : Outcome.refused(
            Refusal.FORBIDDEN, "Presence needs a connection token that grants it for this channel");
  }

  boolean maySubscribe(ChannelKey key) {
    return principal().may(Permission.SUBSCRIBE, key.name(), services.channels().isPrivate(key));
  }

  private boolean allowsUndeclared() {
    return services.keys().app(principal().app()).map(App::undeclaredChannels).orElse(false);
  }

  private Principal principal() {
    return session.identity().principal();
  }
}
