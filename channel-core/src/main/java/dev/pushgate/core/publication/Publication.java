package dev.pushgate.core.publication;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import java.nio.charset.StandardCharsets;

/// A message accepted into a channel, with its place in the stream. Immutable: whoever is given the
/// data reads it and does not write to it.
public final class Publication {
  /// What a frame holds beside the names and the data: JSON's punctuation, the id, offset and time.
  private static final int FRAME_OVERHEAD_BYTES = 256;

  /// A character of a name becomes at most `\u0000` in JSON.
  private static final int ESCAPED_CHARACTER_BYTES = 6;

  private final ChannelKey key;
  private final StreamPosition position;
  private final String id;
  private final String eventType;
  private final String clientId;
  private final byte[] data;
  private final long timestampMs;

  /// @param data one JSON value in UTF-8, as its publisher wrote it, without surrounding blanks;
  ///     the caller gives the array away
  /// @param timestampMs when it was accepted, in milliseconds since 1970
  public Publication(
      ChannelKey key,
      StreamPosition position,
      String id,
      String eventType,
      String clientId,
      byte[] data,
      long timestampMs) {
    this.key = key;
    this.position = position;
    this.id = id;
    this.eventType = eventType;
    this.clientId = clientId;
    this.data = data;
    this.timestampMs = timestampMs;
  }

  public ChannelKey key() {
    return key;
  }

  public StreamPosition position() {
    return position;
  }

  public long offset() {
    return position.offset();
  }

  public String id() {
    return id;
  }

  public String eventType() {
    return eventType;
  }

  public String clientId() {
    return clientId;
  }

  /// One JSON value in UTF-8. Not a copy: to be read only.
  public byte[] data() {
    return data;
  }

  public long timestampMs() {
    return timestampMs;
  }

  /// An upper bound of this publication's frame in any wire format, in bytes. Limits count with it,
  /// so that what is kept within a limit can also be sent within it.
  public int weight() {
    return data.length
        + FRAME_OVERHEAD_BYTES
        + key.name().value().length()
        + ESCAPED_CHARACTER_BYTES * (eventType.length() + clientId.length());
  }

  @Override
  public String toString() {
    return key
        + "@"
        + position.epoch()
        + ":"
        + position.offset()
        + " "
        + new String(data, 0, Math.min(data.length, 80), StandardCharsets.UTF_8);
  }
}
