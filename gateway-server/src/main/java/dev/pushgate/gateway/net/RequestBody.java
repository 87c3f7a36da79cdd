package dev.pushgate.gateway.net;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/// The body of one request as it comes in. Grows with what has come, whatever length was declared.
/// Confined to the connection's event loop.
final class RequestBody {
  private static final byte[] NOTHING = {};
  private static final int FIRST_BYTES = 1024;

  private final int maxBytes;
  private byte[] bytes = NOTHING;
  private int length;

  RequestBody(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /// @return false, and nothing is taken, when the body would become larger than it may
  boolean append(ByteBuf part) {
    int added = part.readableBytes();
    if (added > maxBytes - length) {
      return false;
    }
    if (added > bytes.length - length) {
      long wanted = Math.max(length + added, Math.max(FIRST_BYTES, 2L * bytes.length));
      bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, Math.max(maxBytes, length + added)));
    }
    part.readBytes(bytes, length, added);
    length += added;
    return true;
  }

  byte[] toBytes() {
    return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
  }
}
