package dev.pushgate.gateway.session;

import dev.pushgate.auth.Secret;
import dev.pushgate.core.channel.Start;
import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.outcome.Outcome;
import org.jspecify.annotations.Nullable;

/// All that a client can ask of its session, whatever wire it speaks; what it got wrong included.
/// Immutable but for a publish's data, which belongs to the receiver.
public sealed interface ClientCommand {
  /// The longest [#ref], in characters.
  int MAX_REF_LENGTH = 64;

  /// What a command takes that has names and numbers only.
  int OBJECT_BYTES = 256;

  /// What the client calls this request: its answer or error repeats it. Null when it has no name.
  @Nullable String ref();

  /// The channel whose membership this is about; null for none.
  default @Nullable ChannelName membership() {
    return null;
  }

  /// What it takes in memory while it waits, about, in bytes.
  default int weight() {
    return OBJECT_BYTES;
  }

  /// Whether its answer may be large: messages that were missed, or a channel's roster.
  default boolean bringsReplay() {
    return false;
  }

  /// @param presence what is said with the wish to be present; null for not being so
  record Subscribe(
      ChannelName channel, Start start, @Nullable Presence presence, @Nullable String ref)
      implements ClientCommand {

    @Override
    public ChannelName membership() {
      return channel;
    }

    @Override
    public int weight() {
      return OBJECT_BYTES + (presence == null ? 0 : presence.weight());
    }

    @Override
    public boolean bringsReplay() {
      return presence != null || !(start instanceof Start.Live);
    }
  }

  /// A wish to be present.
  ///
  /// @param info one JSON value in UTF-8, or null
  record Presence(@Nullable String info) {
    int weight() {
      return info == null ? 0 : 2 * info.length();
    }
  }

  /// To become present in a channel that was subscribed with that wish. No client sends it: it
  /// takes its turn behind the subscribe's answer.
  record Enter(ChannelName channel, Presence presence) implements ClientCommand {
    @Override
    public int weight() {
      return OBJECT_BYTES + presence.weight();
    }

    @Override
    public ChannelName membership() {
      return channel;
    }

    @Override
    public boolean bringsReplay() {
      return true;
    }

    @Override
    public @Nullable String ref() {
      return null;
    }
  }

  /// To say something else of oneself where one is present.
  ///
  /// @param info one JSON value in UTF-8
  record UpdatePresence(ChannelName channel, String info, @Nullable String ref)
      implements ClientCommand {
    @Override
    public int weight() {
      return OBJECT_BYTES + 2 * info.length();
    }

    @Override
    public ChannelName membership() {
      return channel;
    }
  }

  record Unsubscribe(ChannelName channel, @Nullable String ref) implements ClientCommand {
    @Override
    public ChannelName membership() {
      return channel;
    }
  }

  record Ping(@Nullable String ref) implements ClientCommand {}

  /// To go on with another connection token.
  record Auth(Secret token, @Nullable String ref) implements ClientCommand {}

  /// The client has seen a message. Only counted.
  record Ack(@Nullable String ref) implements ClientCommand {}

  /// @param data one JSON value in UTF-8 without surrounding blanks
  /// @param id the idempotency key, or null
  record Publish(
      ChannelName channel, String eventType, byte[] data, @Nullable String id, @Nullable String ref)
      implements ClientCommand {
    @Override
    public int weight() {
      return OBJECT_BYTES + data.length;
    }
  }

  /// A command with something wrong in it. It is told so, and the connection stays open.
  record Malformed(Outcome.Refused<?> refused, @Nullable ChannelName channel, @Nullable String ref)
      implements ClientCommand {}

  /// No command that this wire has. The third one closes the connection.
  record Unknown(Outcome.Refused<?> refused, @Nullable String ref) implements ClientCommand {}

  /// Nothing of this wire at all. Closes the connection.
  record Unreadable(Outcome.Refused<?> refused) implements ClientCommand {
    @Override
    public @Nullable String ref() {
      return null;
    }
  }
}
