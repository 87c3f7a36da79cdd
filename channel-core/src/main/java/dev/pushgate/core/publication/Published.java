package dev.pushgate.core.publication;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;

/// The answer to a publish. A repeated idempotency key gets an equal one. Immutable.
///
/// @param delivered the channel's subscribers at this offset, as its home counted them
/// @param createdAtMs when it was accepted, in milliseconds since 1970
public record Published(
    ChannelKey key,
    StreamPosition position,
    String id,
    String eventType,
    String clientId,
    int delivered,
    long createdAtMs) {

  public static Published of(Publication publication, int delivered) {
    return new Published(
        publication.key(),
        publication.position(),
        publication.id(),
        publication.eventType(),
        publication.clientId(),
        delivered,
        publication.timestampMs());
  }
}
