package dev.pushgate.gateway.net.websocket;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/// What has arrived of one text message. Confined to its reader.
final class MessageBuffer {
  private static final byte[] NOTHING = new byte[0];

  private final int maxBytes;
  private byte[] bytes = NOTHING;
  private int size;
  private final Utf8Check utf8 = new Utf8Check();

  MessageBuffer(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  boolean hasRoomFor(long more) {
    return more <= maxBytes - size;
  }

  /// Takes `count` bytes of a frame out of `in`.
  ///
  /// @param expected how many bytes of the frame are still to come, these included
  /// @param phase how many bytes of the frame came before these
  /// @return false when the message is not UTF-8
  boolean append(ByteBuf in, int count, long expected, int maskKey, int phase) {
    int end = size + count;
    if (end > bytes.length) {
      // No more than twice of what is here: a promised length alone costs its sender's bytes, not
      // ours.
      bytes = Arrays.copyOf(bytes, (int) Math.min(size + expected, 2L * end));
    }
    in.readBytes(bytes, size, count);
    Mask.remove(bytes, size, end, maskKey, phase);
    int from = size;
    size = end;
    return utf8.accepts(bytes, from, end);
  }

  /// The memory that it takes, in bytes.
  int heldBytes() {
    return bytes.length;
  }

  boolean endsWithWholeCharacter() {
    return utf8.isComplete();
  }

  /// The whole message; afterwards nothing of it is kept.
  byte[] take() {
    byte[] whole = size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    clear();
    return whole;
  }

  void clear() {
    bytes = NOTHING;
    size = 0;
    utf8.reset();
  }
}
