package dev.pushgate.gateway.net.websocket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Takes the mask off a client's bytes, RFC 6455, section 5.3.
final class Mask {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private Mask() {}

  /// @param key the masking key as it stood in the frame, first byte highest
  /// @param phase how many bytes of the frame's payload came before these
  static void remove(byte[] bytes, int from, int to, int key, int phase) {
    int turned = Integer.rotateLeft(key, 8 * (phase & 3));
    long twice = ((long) turned << 32) | (turned & 0xFFFF_FFFFL);
    int i = from;
    for (; i + Long.BYTES <= to; i += Long.BYTES) {
      LONGS.set(bytes, i, (long) LONGS.get(bytes, i) ^ twice);
    }
    for (; i < to; i++) {
      bytes[i] ^= (byte) (turned >>> 24);
      turned = Integer.rotateLeft(turned, 8);
    }
  }
}
