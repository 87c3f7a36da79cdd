package dev.pushgate.rest;

import dev.pushgate.auth.Permission;
import dev.pushgate.auth.Principal;
import dev.pushgate.core.engine.Channels;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.publication.IdempotencyKey;
import dev.pushgate.core.publication.PublishRequest;
import org.jspecify.annotations.Nullable;

/// Decides whether a message may go into a channel, and under whose name. Thread-safe; works in
/// memory.
final class Admission {
  /// PushFlo's name for publishers over REST that do not say who they are.
  private static final String DEFAULT_CLIENT_ID = "sdk-server";

  private final Channels channels;

  Admission(Channels channels) {
    this.channels = channels;
  }

  /// The publish that a draft becomes; refused with `FORBIDDEN` or `CHANNEL_NOT_FOUND`.
  Outcome<PublishRequest> admit(Call call, ChannelKey channel, Draft draft) {
    if (!call.principal().may(Permission.PUBLISH, channel.name(), channels.isPrivate(channel))) {
      return Outcome.refused(
          Refusal.FORBIDDEN, "This key or token may not publish to this channel");
    }
    if (channels.declared(channel).isEmpty() && !call.app().undeclaredChannels()) {
      return new Outcome.Refused<>(Refusal.CHANNEL_NOT_FOUND);
    }
    return Outcome.done(
        new PublishRequest(
            channel,
            draft.eventType(),
            clientId(call, draft),
            draft.data(),
            idempotencyKey(call.principal(), draft),
            call.principal().memoryHolder(call.request().network())));
  }

  /// A client id that a token fixes cannot be talked over.
  private static String clientId(Call call, Draft draft) {
    @Nullable String fixed = call.principal().clientId();
    if (fixed != null) {
      return fixed;
    }
    return draft.clientId() == null ? DEFAULT_CLIENT_ID : draft.clientId();
  }

  private static @Nullable IdempotencyKey idempotencyKey(Principal principal, Draft draft) {
    String key = draft.idempotencyKey();
    if (key == null) {
      return null;
    }
    // Part of the message is only a client id that its body chose: each minting may fix another.
    @Nullable String chosen = principal.clientId() == null ? draft.clientId() : null;
    return IdempotencyKey.of(principal.publisher(), key, draft.eventType(), chosen, draft.data());
  }
}
