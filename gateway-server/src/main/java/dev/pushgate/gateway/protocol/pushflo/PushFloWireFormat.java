package dev.pushgate.gateway.protocol.pushflo;

import dev.pushgate.core.presence.MemberId;
import dev.pushgate.core.presence.PresenceEvent;
import dev.pushgate.core.presence.Present;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.publication.WireFormat;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// A publication as a PushFlo `message` frame, with its offset beside what PushFlo sends; and what
/// is told of presence, which is ours. Immutable.
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

  @Override
  public byte[] encode(PresenceEvent event) {
    return new JsonFrame("presence", event.weight())
        .text("channel", event.key().name().value())
        .text("action", event.action().name().toLowerCase(Locale.ROOT))
        .list("members", event.members(), PushFloWireFormat::member)
        .text("epoch", event.stamp().epoch())
        .number("version", event.stamp().version())
        .frame();
  }

  private static void member(JsonFrame frame, Present member) {
    String id =
        switch (member.id()) {
          case MemberId.User _ -> "userId";
          case MemberId.Client _ -> "clientId";
        };
    frame.text(id, member.id().value());
    String info = member.info();
    if (info != null) {
      frame.raw("info", info.getBytes(StandardCharsets.UTF_8));
    }
  }
}
