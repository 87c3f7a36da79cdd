package dev.pushgate.core.publication;

import dev.pushgate.core.presence.PresenceEvent;

/// What is told of a channel's presence, and its frames. Thread-safe.
public final class EncodedPresence extends Encoded {
  private final PresenceEvent event;

  public EncodedPresence(PresenceEvent event) {
    this.event = event;
  }

  public PresenceEvent event() {
    return event;
  }

  @Override
  byte[] encode(WireFormat format) {
    return format.encode(event);
  }
}
