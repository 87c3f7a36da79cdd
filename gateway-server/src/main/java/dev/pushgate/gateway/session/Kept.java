package dev.pushgate.gateway.session;

import dev.pushgate.core.name.ChannelName;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The commands of one connection that cannot be carried out yet, in order, and what they keep
/// waiting behind them. Confined to its session.
final class Kept {
  final Deque<ClientCommand> commands = new ArrayDeque<>(4);
  private boolean publish;
  private boolean replay;
  private @Nullable Set<ChannelName> channels;

  void add(ClientCommand command) {
    commands.add(command);
    switch (command) {
      case ClientCommand.Publish _ -> publish = true;
      case ClientCommand.Subscribe subscribe -> {
        replay |= subscribe.bringsReplay();
        names(subscribe.channel());
      }
      case ClientCommand.Enter enter -> {
        replay = true;
        names(enter.channel());
      }
      case ClientCommand.UpdatePresence update -> names(update.channel());
      case ClientCommand.Unsubscribe unsubscribe -> names(unsubscribe.channel());
      case ClientCommand.Ping _,
          ClientCommand.Ack _,
          ClientCommand.Malformed _,
          ClientCommand.Unknown _,
          ClientCommand.Unreadable _ -> {}
    }
  }

  private void names(ChannelName channel) {
    if (channels == null) {
      channels = new HashSet<>();
    }
    channels.add(channel);
  }

  /// Whether a publish is among them: publishes stay in their order.
  boolean hasPublish() {
    return publish;
  }

  /// Whether one is among them that may bring a replay.
  boolean hasReplay() {
    return replay;
  }

  /// Whether one of them is about a channel's membership.
  boolean isAbout(ChannelName channel) {
    return channels != null && channels.contains(channel);
  }
}
