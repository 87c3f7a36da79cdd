package dev.pushgate.gateway.session;

import dev.pushgate.core.name.ChannelKey;
import io.netty.channel.Channel;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Decides when a client's next command is carried out. Confined to its session.
///
/// One replay at a time, each begun below low water: then what a client asked for can never make it
/// a slow consumer. Commands that have to wait do so in order; when [#MAX_WAITING] of them wait, or
/// [#MAX_PUBLISHES_WAITING] publishes among them, the socket is not read any more. Pings pass them
/// by: an answer to a ping is small, and clients without one give up. So all the subscribes that a
/// client begins with can wait for a relay that is away, and its pings are answered still.
final class Inbox {
  private static final int MAX_WAITING = 512;
  private static final int MAX_PUBLISHES_WAITING = 16;

  private final Channel socket;
  private final Outbox outbox;
  private final Session session;
  private final int maxPublishes;
  private @Nullable ArrayDeque<ClientCommand> waiting;
  private @Nullable ChannelKey replay;
  private int publishes;
  private int publishesWaiting;
  private boolean resuming;

  Inbox(Session session, Channel socket, Outbox outbox, int maxPublishes) {
    this.session = session;
    this.socket = socket;
    this.outbox = outbox;
    this.maxPublishes = maxPublishes;
  }

  void accept(ClientCommand command) {
    if (command instanceof ClientCommand.Ping || (waiting == null && isFree())) {
      session.run(command);
      return;
    }
    if (waiting == null) {
      waiting = new ArrayDeque<>(4);
    }
    waiting.add(command);
    publishesWaiting += command instanceof ClientCommand.Publish ? 1 : 0;
    if (isFull()) {
      socket.config().setAutoRead(false);
    }
  }

  /// Has a command carried out before all that wait; not at once.
  void goOnWith(ClientCommand command) {
    if (waiting == null) {
      waiting = new ArrayDeque<>(4);
    }
    waiting.addFirst(command);
    publishesWaiting += command instanceof ClientCommand.Publish ? 1 : 0;
    resumeLater();
  }

  /// A subscribe that may bring a replay, or a wish to be present, which brings the roster, has
  /// been handed to the engine.
  void replayBegins(ChannelKey key) {
    replay = key;
  }

  /// A subscribe was answered, or refused.
  void answered(ChannelKey key) {
    if (replay != null && replay.equals(key)) {
      replay = null;
      resumeLater();
    }
  }

  void publishBegins() {
    publishes++;
  }

  void publishEnds() {
    publishes--;
    resumeLater();
  }

  /// Whether the client is not read from: then its silence means nothing.
  boolean isHeldBack() {
    return !socket.config().isAutoRead();
  }

  /// Has what waits carried out soon: never at once, for whoever calls may be walking over
  /// subscribers.
  void resumeLater() {
    if (waiting != null && !resuming) {
      resuming = true;
      socket.eventLoop().execute(this::resume);
    }
  }

  /// Forgets what waits and reads on, so that the client's goodbye is seen.
  void close() {
    waiting = null;
    publishesWaiting = 0;
    socket.config().setAutoRead(true);
  }

  private void resume() {
    resuming = false;
    while (waiting != null && isFree()) {
      ClientCommand next = waiting.poll();
      if (next == null) {
        waiting = null;
      } else {
        publishesWaiting -= next instanceof ClientCommand.Publish ? 1 : 0;
        session.run(next);
      }
    }
    if (isHeldBack() && !isFull()) {
      socket.config().setAutoRead(true);
      session.readAgain();
    }
  }

  private boolean isFull() {
    return waiting != null
        && (waiting.size() >= MAX_WAITING || publishesWaiting >= MAX_PUBLISHES_WAITING);
  }

  /// Whether what waits does so for the engine's answer, and not for the client.
  boolean awaitsEngine() {
    return replay != null || publishes >= maxPublishes;
  }

  private boolean isFree() {
    return !awaitsEngine() && outbox.isLow();
  }
}
