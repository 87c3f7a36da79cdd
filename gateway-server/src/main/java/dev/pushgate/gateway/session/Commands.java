package dev.pushgate.gateway.session;

import dev.pushgate.auth.Permission;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.outcome.CloseReason;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.publication.IdempotencyKey;
import dev.pushgate.core.publication.PublishRequest;
import dev.pushgate.core.publication.Published;
import dev.pushgate.core.shard.SessionSubscriptions;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Carries out what a client asks for. Confined to its session.
final class Commands {
  private static final int MAX_STRIKES = 3;
  private static final Outcome.Refused<?> TAKEN_OUT =
      new Outcome.Refused<>(Refusal.CONFLICT, "Taken out of the channel before it was done");

  private final Session session;
  private final ChannelRights rights;
  private final SessionSubscriptions subscriptions;
  private final Inbox inbox;
  private final Attending attending;
  private final Renewal renewal;
  private final Sessions home;
  private int strikes;

  Commands(
      Session session,
      ChannelRights rights,
      SessionSubscriptions subscriptions,
      Inbox inbox,
      Attending attending,
      Renewal renewal,
      Sessions home) {
    this.session = session;
    this.rights = rights;
    this.subscriptions = subscriptions;
    this.inbox = inbox;
    this.attending = attending;
    this.renewal = renewal;
    this.home = home;
  }

  void run(ClientCommand command) {
    switch (command) {
      case ClientCommand.Subscribe subscribe -> subscribe(subscribe);
      case ClientCommand.Unsubscribe(ChannelName channel, String ref) -> leave(keyOf(channel), ref);
      case ClientCommand.Ping(String ref) -> session.tell(new ServerEvent.Pong(ref));
      case ClientCommand.Auth auth -> renewal.run(auth);
      case ClientCommand.Ack _ -> home.observer().acknowledged();
      case ClientCommand.Publish publish -> publish(publish);
      case ClientCommand.Enter enter -> attending.enter(enter);
      case ClientCommand.UpdatePresence update -> attending.update(update);
      case ClientCommand.Malformed(Outcome.Refused<?> refused, ChannelName channel, String ref) ->
          refuse(refused, channel, ref);
      case ClientCommand.Unknown(Outcome.Refused<?> refused, String ref) -> strike(refused, ref);
      case ClientCommand.Unreadable(Outcome.Refused<?> refused) ->
          session.close(CloseReason.PROTOCOL_ERROR, refused);
    }
  }

  private void subscribe(ClientCommand.Subscribe subscribe) {
    Outcome<ChannelKey> usable = rights.use(Permission.SUBSCRIBE, subscribe.channel());
    if (subscribe.presence() != null) {
      usable = usable.flatMap(_ -> rights.attend(subscribe.channel()));
    }
    switch (usable) {
      case Outcome.Refused<ChannelKey> refused ->
          refuse(refused, subscribe.channel(), subscribe.ref());
      case Outcome.Done<ChannelKey>(ChannelKey key) -> join(key, subscribe);
    }
  }

  private void join(ChannelKey key, ClientCommand.Subscribe subscribe) {
    ClientCommand.Presence presence = subscribe.presence();
    if (presence != null) {
      attending.wish(key, presence);
    }
    if (subscribe.bringsReplay()) {
      inbox.replayBegins(key, subscribe);
    }
    if (!subscriptions.subscribe(key, subscribe.start(), subscribe.ref())) {
      int limit = home.services().limits().inbound().subscriptions();
      attending.forget(key);
      inbox.answered(key);
      refuse(
          new Outcome.Refused<>(
              Refusal.QUOTA_EXCEEDED,
              "A connection has at most " + limit + " subscriptions: unsubscribe from some first"),
          subscribe.channel(),
          subscribe.ref());
    }
  }

  /// As [Session#takeBack].
  boolean takeBack(ClientCommand command) {
    ChannelName channel = command.membership();
    if (channel == null) {
      return false;
    }
    ChannelKey key = keyOf(channel);
    if (command instanceof ClientCommand.Enter) {
      return subscriptions.withdraw(key);
    }
    boolean taken = subscriptions.callOff(key);
    if (taken) {
      attending.forget(key);
    }
    return taken;
  }

  /// Takes the session out of a channel, or out of all when it is null, though it did not ask.
  void unsubscribe(@Nullable ChannelKey only) {
    Set<ChannelKey> ended = new LinkedHashSet<>(subscriptions.keys());
    for (ClientCommand command : inbox.takeOut(only == null ? null : only.name())) {
      ChannelName channel = command.membership();
      if (channel != null) {
        ended.add(keyOf(channel));
        if (command.ref() != null) {
          refuse(TAKEN_OUT, channel, command.ref());
        }
      }
    }
    for (ChannelKey key : ended) {
      if (only == null || only.equals(key)) {
        leave(key, null);
      }
    }
  }

  private ChannelKey keyOf(ChannelName channel) {
    return new ChannelKey(session.identity().principal().app(), channel);
  }

  private void leave(ChannelKey key, @Nullable String ref) {
    subscriptions.unsubscribe(key);
    attending.forget(key);
    inbox.answered(key); // nobody else says so of a join that is called off
    session.tell(new ServerEvent.Unsubscribed(key.name(), ref));
  }

  private void publish(ClientCommand.Publish publish) {
    switch (rights.use(Permission.PUBLISH, publish.channel())) {
      case Outcome.Refused<ChannelKey> refused -> refuse(refused, publish.channel(), publish.ref());
      case Outcome.Done<ChannelKey>(ChannelKey key) -> {
        inbox.publishBegins();
        // Hopped always, also from this very loop: else an answer that is there at once would
        // overtake those before it, which are on their way from the home's loop.
        var unused =
            home.services()
                .relay()
                .publish(request(key, publish))
                .exceptionally(failure -> failed(failure))
                .thenAccept(outcome -> home.hop(() -> answer(outcome, publish)));
      }
    }
  }

  /// No relay fails: so this is a bug, and still the publish has to be answered, or it would count
  /// as one in flight for good.
  private Outcome<Published> failed(Throwable failure) {
    home.fault(session, "A publish failed", failure);
    return Outcome.refused(Refusal.SERVER_ERROR, Refusal.SERVER_ERROR.sentence());
  }

  private PublishRequest request(ChannelKey key, ClientCommand.Publish publish) {
    SessionIdentity identity = session.identity();
    String publisher = identity.principal().publisher();
    String id = publish.id();
    return new PublishRequest(
        key,
        publish.eventType(),
        identity.clientId(),
        publish.data(),
        id == null
            ? null
            : IdempotencyKey.of(publisher, id, publish.eventType(), null, publish.data()),
        identity.holder());
  }

  private void answer(Outcome<Published> outcome, ClientCommand.Publish publish) {
    inbox.publishEnds();
    switch (outcome) {
      case Outcome.Done<Published>(Published published) ->
          session.tell(new ServerEvent.Accepted(published, publish.ref()));
      case Outcome.Refused<Published> refused -> refuse(refused, publish.channel(), publish.ref());
    }
  }

  private void strike(Outcome.Refused<?> refused, @Nullable String ref) {
    refuse(refused, null, ref);
    if (++strikes == MAX_STRIKES) {
      session.close(CloseReason.PROTOCOL_ERROR);
    }
  }

  private void refuse(
      Outcome.Refused<?> refused, @Nullable ChannelName channel, @Nullable String ref) {
    session.tell(new ServerEvent.Error(refused, channel, ref));
  }
}
