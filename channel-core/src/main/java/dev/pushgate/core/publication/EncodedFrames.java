package dev.pushgate.core.publication;

import java.util.concurrent.atomic.AtomicReferenceArray;

/// A publication and its frame in each wire format that somebody asked for: encoded once, whoever
/// asks. Thread-safe; two threads that ask at the same time may encode twice and get equal frames.
public final class EncodedFrames {
  private final Publication publication;
  private final AtomicReferenceArray<byte[]> frames =
      new AtomicReferenceArray<>(WireFormat.MAX_FORMATS);

  public EncodedFrames(Publication publication) {
    this.publication = publication;
  }

  public Publication publication() {
    return publication;
  }

  public long offset() {
    return publication.offset();
  }

  /// The frame in `format`. Not a copy: to be read only.
  public byte[] in(WireFormat format) {
    byte[] frame = frames.getAcquire(format.index());
    if (frame == null) {
      frame = format.encode(publication);
      frames.setRelease(format.index(), frame);
    }
    return frame;
  }
}
