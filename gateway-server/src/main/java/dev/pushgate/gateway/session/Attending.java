package dev.pushgate.gateway.session;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.presence.MemberId;
import dev.pushgate.core.presence.Present;
import dev.pushgate.core.shard.SessionSubscriptions;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes a session present in the channels that it subscribes to with that wish. The wish is
/// carried out behind the subscribe's answer and its replay, as a command of its own: so the
/// roster, too, is sent only when the client has taken most of what came before. Confined to its
/// session.
final class Attending {
  private static final Outcome.Refused<?> NOT_PRESENT =
      new Outcome.Refused<>(
          Refusal.CONFLICT, "You are not present in this channel: subscribe to it with presence");

  private final Session session;
  private final ChannelRights rights;
  private final SessionSubscriptions subscriptions;
  private final Inbox inbox;

  /// Wishes whose subscribe is not answered yet; null while there was none.
  private @Nullable Map<ChannelKey, ClientCommand.Presence> wishes;

  Attending(
      Session session, ChannelRights rights, SessionSubscriptions subscriptions, Inbox inbox) {
    this.session = session;
    this.rights = rights;
    this.subscriptions = subscriptions;
    this.inbox = inbox;
  }

  /// The subscribe with this wish goes to the engine.
  void wish(ChannelKey key, ClientCommand.Presence wish) {
    if (wishes == null) {
      wishes = new HashMap<>(2);
    }
    wishes.put(key, wish);
  }

  void forget(ChannelKey key) {
    if (wishes != null) {
      wishes.remove(key);
    }
  }

  /// A subscribe was answered.
  void subscribed(ChannelKey key) {
    ClientCommand.Presence wish = wishes == null ? null : wishes.remove(key);
    if (wish != null && session.isOpen()) {
      inbox.goOnWith(new ClientCommand.Enter(key.name(), wish));
    }
  }

  void enter(ClientCommand.Enter command) {
    ChannelKey key = keyOf(command.channel());
    // Its token may be another one than when it subscribed.
    if (rights.attend(command.channel()) instanceof Outcome.Refused<ChannelKey> refused) {
      session.tell(new ServerEvent.Error(refused, command.channel(), null));
      return;
    }
    Present present = new Present(memberId(), command.presence().info());
    if (subscriptions.enter(key, present) == SessionSubscriptions.Attending.ENTERING) {
      inbox.replayBegins(key, command);
    }
  }

  void update(ClientCommand.UpdatePresence command) {
    ChannelKey key = keyOf(command.channel());
    Outcome<ChannelKey> attendable = rights.attend(command.channel());
    if (attendable instanceof Outcome.Refused<ChannelKey> refused) {
      session.tell(new ServerEvent.Error(refused, command.channel(), command.ref()));
    } else if (!subscriptions.update(key, command.info(), command.ref())) {
      session.tell(new ServerEvent.Error(NOT_PRESENT, command.channel(), command.ref()));
    }
  }

  /// The session may do something else than before: it leaves where it may not be present, and
  /// stays subscribed.
  void revisit() {
    for (ChannelKey key : subscriptions.attended()) {
      if (rights.attend(key.name()) instanceof Outcome.Refused<ChannelKey> refused
          && subscriptions.withdraw(key)) {
        session.tell(new ServerEvent.Error(refused, key.name(), null));
        inbox.answered(key); // nobody else says so of an entry that is withdrawn
      }
    }
  }

  private ChannelKey keyOf(ChannelName channel) {
    return new ChannelKey(session.identity().principal().app(), channel);
  }

  private MemberId memberId() {
    String userId = session.identity().principal().userId();
    return userId == null
        ? new MemberId.Client(session.identity().clientId())
        : new MemberId.User(userId);
  }
}
