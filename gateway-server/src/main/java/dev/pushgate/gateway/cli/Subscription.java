package dev.pushgate.gateway.cli;

import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.gateway.protocol.client.JsonText;
import dev.pushgate.gateway.protocol.client.JsonText.Verbatim;
import dev.pushgate.gateway.protocol.client.ServerFrame;
import dev.pushgate.gateway.protocol.client.ServerFrameReader;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What one subscriber has seen of a channel, over all its connections, and what it asks for next.
/// Its calls come one at a time.
final class Subscription {
  /// What the subscription tells people and programs.
  interface Listener {
    /// @param position the message's place in the stream, as `--since` takes it
    /// @param frame the whole frame that brought the message, as it came
    void message(ServerFrame.Message message, StreamPosition position, String frame);

    /// The channel is subscribed to, for the first time or again.
    ///
    /// @param head where its stream stands
    void subscribed(StreamPosition head);

    void warning(String line);
  }

  private static final String PING = "{\"type\":\"ping\"}";

  private final String channel;
  private final int rewind;
  private final Listener listener;

  /// After what the next message is expected; null until that is known.
  private @Nullable StreamPosition seen;

  private String epoch = "";

  /// A rewind brings what the log still has up to here: holes below are no gaps.
  private long rewindTo;

  /// @param since after what to begin; null to begin with what comes, or with `rewind`
  /// @param rewind how many of the last messages to begin with, when there is no `since`
  Subscription(String channel, @Nullable StreamPosition since, int rewind, Listener listener) {
    this.channel = channel;
    this.seen = since;
    this.rewind = rewind;
    this.listener = listener;
  }

  /// What to send on a new connection.
  String request() {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("type", "subscribe");
    request.put("channel", channel);
    if (seen != null) {
      Map<String, Object> since = new LinkedHashMap<>();
      since.put("epoch", seen.epoch());
      since.put("offset", seen.offset());
      request.put("since", new Verbatim(JsonText.object(since)));
    } else if (rewind > 0) {
      request.put("rewind", rewind);
    }
    return JsonText.object(request);
  }

  /// Takes what the server sent; says how the connection ends when it does by this.
  ///
  /// @param reply takes what is to be sent now
  Optional<Ending> take(String text, Consumer<String> reply) {
    Optional<ServerFrame> frame = ServerFrameReader.read(text);
    return frame.isEmpty()
        ? Optional.of(new Ending.Refused("the server sent what is no frame"))
        : take(frame.get(), text, reply);
  }

  private Optional<Ending> take(ServerFrame frame, String text, Consumer<String> reply) {
    return switch (frame) {
      case ServerFrame.Subscribed subscribed -> joined(subscribed, reply);
      case ServerFrame.Message message -> message(message, text);
      case ServerFrame.Gap gap -> gap(gap);
      case ServerFrame.Unsubscribed _ ->
          Optional.of(new Ending.Refused("the channel was deleted, or may no longer be read"));
      case ServerFrame.Error error -> Optional.of(refused(error));
      case ServerFrame.Connected _ -> Optional.empty();
      case ServerFrame.Other other -> other(other);
    };
  }

  /// While a replay follows, what was seen is what it was: should the connection break in the
  /// middle of it, the rest is asked for again. Before a rewind has brought anything that is where
  /// it may begin at the earliest. It may hold less than was asked for, and comes in one piece with
  /// its answer: the pong to a ping that is sent now is behind all of it.
  private Optional<Ending> joined(ServerFrame.Subscribed subscribed, Consumer<String> reply) {
    StreamPosition head = subscribed.head();
    epoch = head.epoch();
    rewindTo = 0;
    listener.subscribed(head);
    if (seen == null) {
      seen = head.withOffset(Math.max(0, head.offset() - rewind));
      rewindTo = head.offset();
      if (isRewinding(seen)) {
        reply.accept(PING);
      }
    } else if (!Boolean.TRUE.equals(subscribed.recovered())) {
      listener.warning("messages are missing: the stream does not reach back to " + text(seen));
      seen = head;
    }
    return Optional.empty();
  }

  private boolean isRewinding(@Nullable StreamPosition at) {
    return at != null && at.offset() < rewindTo;
  }

  private Optional<Ending> other(ServerFrame.Other frame) {
    if (frame.type().equals("pong") && isRewinding(seen)) {
      seen = new StreamPosition(epoch, rewindTo);
    }
    return Optional.empty();
  }

  private Optional<Ending> message(ServerFrame.Message message, String text) {
    StreamPosition before = seen;
    if (before != null && message.offset() <= before.offset()) {
      listener.warning("offset " + message.offset() + " came twice");
      return Optional.empty();
    }
    if (before != null && message.offset() > Math.max(before.offset(), rewindTo) + 1) {
      listener.warning("nothing came between " + text(before) + " and offset " + message.offset());
    }
    StreamPosition position = new StreamPosition(epoch, message.offset());
    seen = position;
    listener.message(message, position, text);
    return Optional.empty();
  }

  private Optional<Ending> gap(ServerFrame.Gap gap) {
    listener.warning("gap: messages " + gap.from() + " to " + gap.to() + " are lost");
    epoch = gap.epoch();
    seen = new StreamPosition(epoch, gap.to());
    return Optional.empty();
  }

  private static Ending refused(ServerFrame.Error error) {
    String why = error.code() + ": " + error.sentence().replaceAll("\\s+", " ");
    boolean retryable =
        Arrays.stream(Refusal.values())
            .anyMatch(refusal -> refusal.name().equals(error.code()) && refusal.retryable());
    return retryable ? new Ending.Broken(why, false) : new Ending.Refused(why);
  }

  /// A position as `--since` takes it.
  static String text(StreamPosition position) {
    return position.epoch() + ":" + position.offset();
  }
}
