package dev.pushgate.gateway.protocol.pushflo;

import dev.pushgate.core.presence.Present;
import dev.pushgate.gateway.session.ClientCommand;
import dev.pushgate.rest.Fields;
import dev.pushgate.rest.json.JsonValue;
import org.jspecify.annotations.Nullable;

/// What a client says of its presence. Stateless.
final class PresenceReader {
  private static final String INFO = "info";

  private PresenceReader() {}

  /// The wish in a `subscribe`: `presence`, and `info` with it; null when there is none.
  static ClientCommand.@Nullable Presence wish(Fields frame) {
    boolean wished = Boolean.TRUE.equals(frame.flag("presence"));
    return wished ? new ClientCommand.Presence(info(frame)) : null;
  }

  /// Null when it is missing or too long, which is then noted in the frame's fields.
  static @Nullable String requiredInfo(Fields frame) {
    if (frame.given(INFO) == null) {
      frame.problem(INFO, Fields.REQUIRED);
    }
    return info(frame);
  }

  private static @Nullable String info(Fields frame) {
    JsonValue info = frame.given(INFO);
    if (info == null) {
      return null;
    }
    if (info.length() > Present.MAX_INFO_BYTES) {
      frame.problem(INFO, "must be at most " + Present.MAX_INFO_BYTES + " bytes");
      return null;
    }
    return info.source();
  }
}
