package dev.pushgate.core.publication;

import dev.pushgate.core.presence.PresenceEvent;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// What is told of a channel's presence, and its frame in each wire format that somebody asked for:
/// encoded once, whoever asks. Thread-safe; two threads that ask at the same time may encode twice
/// and get equal frames.
public final class EncodedPresence {
  private final PresenceEvent event;
  private final AtomicReferenceArray<byte[]> frames =
      new AtomicReferenceArray<>(WireFormat.MAX_FORMATS);

  public EncodedPresence(PresenceEvent event) {
    this.event = event;
  }

  public PresenceEvent event() {
    return event;
  }

  /// The frame in `format`. Not a copy: to be read only.
  public byte[] in(WireFormat format) {
    byte[] frame = frames.getAcquire(format.index());
    if (frame == null) {
      frame = format.encode(event);
      frames.setRelease(format.index(), frame);
    }
    return frame;
  }
}
