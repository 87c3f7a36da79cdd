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

  private final String channel;
  private final int rewind;
  private final Listener listener;

  /// After what the next message is expected; null until that is known.
  private @Nullable StreamPosition seen;

  private String epoch = "";

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
  Optional<Ending> take(String text) {
    Optional<ServerFrame> frame = ServerFrameReader.read(text);
    return frame.isEmpty()
        ? Optional.of(new Ending.Refused("the server sent what is no frame"))
        : take(frame.get(), text);
  }

  private Optional<Ending> take(ServerFrame frame, String text) {
    return switch (frame) {
      case ServerFrame.Subscribed subscribed -> joined(subscribed);
      case ServerFrame.Message message -> message(message, text);
      case ServerFrame.Gap gap -> gap(gap);
      case ServerFrame.Unsubscribed _ ->
          Optional.of(new Ending.Refused("the channel was deleted, or may no longer be read"));
      case ServerFrame.Error error -> Optional.of(refused(error));
      case ServerFrame.Connected _, ServerFrame.Other _ -> Optional.empty();
    };
  }

  /// While a replay follows, what was seen is what it was: should the connection break in the
  /// middle of it, the rest is asked for again.
  private Optional<Ending> joined(ServerFrame.Subscribed subscribed) {
    epoch = subscribed.head().epoch();
    listener.subscribed(subscribed.head());
    boolean replayFollows = seen == null ? rewind > 0 : Boolean.TRUE.equals(subscribed.recovered());
    if (!replayFollows) {
      if (seen != null) {
        listener.warning("messages are missing: the stream does not reach back to " + text(seen));
      }
      seen = subscribed.head();
    }
    return Optional.empty();
  }

  private Optional<Ending> message(ServerFrame.Message message, String text) {
    StreamPosition before = seen;
    if (before != null && message.offset() <= before.offset()) {
      listener.warning("offset " + message.offset() + " came twice");
      return Optional.empty();
    }
    if (before != null && message.offset() > before.offset() + 1) {
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
