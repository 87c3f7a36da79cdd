package dev.pushgate.gateway.protocol.client;

import dev.pushgate.core.name.StreamPosition;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the frames of a server. Fields that it does not know are passed over. Thread-safe.
public final class ServerFrameReader {
  private ServerFrameReader() {}

  /// The frame in `text`; empty when it is none.
  public static Optional<ServerFrame> read(String text) {
    return JsonText.properties(text).flatMap(ServerFrameReader::read);
  }

  private static Optional<ServerFrame> read(Map<String, String> frame) {
    try {
      return Optional.of(frameOf(frame));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static ServerFrame frameOf(Map<String, String> frame) {
    String type = text(frame, "type");
    return switch (type) {
      case "connected" -> new ServerFrame.Connected();
      case "subscribed" ->
          new ServerFrame.Subscribed(text(frame, "channel"), position(frame), recovered(frame));
      case "unsubscribed" -> new ServerFrame.Unsubscribed(text(frame, "channel"));
      case "message" ->
          new ServerFrame.Message(
              text(frame, "channel"),
              number(frame, "offset"),
              text(frame, "eventType"),
              Objects.requireNonNullElse(frame.get("data"), "null"));
      case "gap" ->
          new ServerFrame.Gap(
              text(frame, "channel"),
              text(frame, "epoch"),
              number(frame, "from"),
              number(frame, "to"));
      case "error" -> new ServerFrame.Error(text(frame, "code"), text(frame, "error"));
      default -> new ServerFrame.Other(type);
    };
  }

  private static StreamPosition position(Map<String, String> frame) {
    return new StreamPosition(text(frame, "epoch"), number(frame, "offset"));
  }

  private static @Nullable Boolean recovered(Map<String, String> frame) {
    String value = frame.get("recovered");
    return value == null ? null : Boolean.valueOf(value);
  }

  private static String text(Map<String, String> frame, String field) {
    String value = JsonText.string(frame.get(field));
    if (value == null) {
      throw new IllegalArgumentException("there is no " + field);
    }
    return value;
  }

  private static long number(Map<String, String> frame, String field) {
    return Long.parseLong(Objects.requireNonNullElse(frame.get(field), ""));
  }
}
