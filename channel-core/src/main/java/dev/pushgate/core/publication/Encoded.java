package dev.pushgate.core.publication;

import java.util.concurrent.atomic.AtomicReferenceArray;

/// Something that many are told, and its frame in each wire format that somebody asked for: encoded
/// once, whoever asks. Thread-safe; two threads that ask at the same time may encode twice and get
/// equal frames.
public abstract sealed class Encoded permits EncodedFrames, EncodedPresence {
  private final AtomicReferenceArray<byte[]> frames =
      new AtomicReferenceArray<>(WireFormat.MAX_FORMATS);

  /// The frame in `format`. Not a copy: to be read only.
  public final byte[] in(WireFormat format) {
    byte[] frame = frames.getAcquire(format.index());
    if (frame == null) {
      frame = encode(format);
      frames.setRelease(format.index(), frame);
    }
    return frame;
  }

  /// Whether there is a frame in the format of this index already.
  public final boolean isIn(int format) {
    return frames.getAcquire(format) != null;
  }

  /// How many bytes all frames take that there are by now.
  public final int framesBytes() {
    int bytes = 0;
    for (int format = 0; format < WireFormat.MAX_FORMATS; format++) {
      byte[] frame = frames.getAcquire(format);
      bytes += frame == null ? 0 : frame.length;
    }
    return bytes;
  }

  abstract byte[] encode(WireFormat format);
}
