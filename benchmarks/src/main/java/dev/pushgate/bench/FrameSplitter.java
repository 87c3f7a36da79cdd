package dev.pushgate.bench;

import java.util.Arrays;

/// Cuts what a server sends into WebSocket frames (RFC 6455, section 5.2), however it was cut on
/// its way. Confined to one connection's loop.
final class FrameSplitter {
  static final int TEXT = 1;
  static final int CLOSE = 8;
  static final int PING = 9;

  private static final int MEDIUM = 126;
  private static final int LARGE = 127;

  /// Takes frames. The bytes are lent for the call.
  interface Sink {
    void frame(int opcode, byte[] bytes, int from, int to);
  }

  private final Sink sink;
  private byte[] rest = new byte[0];

  FrameSplitter(Sink sink) {
    this.sink = sink;
  }

  /// Takes the next bytes of the connection.
  void take(byte[] bytes, int from, int to) {
    if (rest.length == 0) {
      keep(bytes, split(bytes, from, to), to);
      return;
    }
    byte[] joined = Arrays.copyOf(rest, rest.length + to - from);
    System.arraycopy(bytes, from, joined, rest.length, to - from);
    keep(joined, split(joined, 0, joined.length), joined.length);
  }

  private void keep(byte[] bytes, int from, int to) {
    rest = Arrays.copyOfRange(bytes, from, to);
  }

  /// Gives every whole frame to the sink; returns where the first one begins that is not whole.
  private int split(byte[] bytes, int from, int to) {
    int at = from;
    while (to - at >= 2) {
      int head = headLength(bytes[at + 1] & 0x7f);
      if (to - at < head) {
        break;
      }
      long length = payloadLength(bytes, at, head);
      if (to - at - head < length) {
        break;
      }
      int end = Math.toIntExact(at + head + length);
      sink.frame(bytes[at] & 0x0f, bytes, at + head, end);
      at = end;
    }
    return at;
  }

  private static int headLength(int shortLength) {
    return shortLength == LARGE ? 10 : shortLength == MEDIUM ? 4 : 2;
  }

  private static long payloadLength(byte[] bytes, int at, int head) {
    if (head == 2) {
      return bytes[at + 1] & 0x7f;
    }
    long length = 0;
    for (int i = at + 2; i < at + head; i++) {
      length = length << 8 | bytes[i] & 0xff;
    }
    return length;
  }
}
