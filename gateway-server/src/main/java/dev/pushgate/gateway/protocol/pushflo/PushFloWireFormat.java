package dev.pushgate.gateway.protocol.pushflo;

import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.publication.WireFormat;

/// A publication as a PushFlo `message` frame, with its offset beside what PushFlo sends.
/// Immutable.
public final class PushFloWireFormat implements WireFormat {
  private final int index;

  /// @param index this format's number on this node
  public PushFloWireFormat(int index) {
    this.index = index;
  }

  @Override
  public int index() {
    return index;
  }

  @Override
  public byte[] encode(Publication publication) {
    return new JsonFrame("message", publication.weight())
        .text("channel", publication.key().name().value())
        .text("messageId", publication.id())
        .text("eventType", publication.eventType())
        .text("clientId", publication.clientId())
        .raw("data", publication.data())
        .number("timestamp", publication.timestampMs())
        .number("offset", publication.offset())
        .frame();
  }
}
