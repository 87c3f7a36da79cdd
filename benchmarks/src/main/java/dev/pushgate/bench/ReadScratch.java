package dev.pushgate.bench;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;

/// An array for each loop, into which what was read is copied: an array is scanned faster than a
/// buffer.
final class ReadScratch {
  private static final FastThreadLocal<byte[]> ARRAY = new FastThreadLocal<>();

  private ReadScratch() {}

  /// The readable bytes from index 0 on; they are the caller's until it asks again.
  static byte[] copyOf(ByteBuf bytes) {
    int length = bytes.readableBytes();
    byte[] array = ARRAY.getIfExists();
    if (array == null || array.length < length) {
      array = new byte[Math.max(length, 1 << 16)];
      ARRAY.set(array);
    }
    bytes.getBytes(bytes.readerIndex(), array, 0, length);
    return array;
  }
}
