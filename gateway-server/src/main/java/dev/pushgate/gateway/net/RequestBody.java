package dev.pushgate.gateway.net;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/// The body of one request as it comes in. Grows with what has come, whatever length was declared,
/// and takes that out of the budget of all. Confined to the connection's event loop, but for
/// [#giveBack].
final class RequestBody {
  /// What came of a part.
  enum Part {
    TAKEN,
    /// The body would become larger than one may be. Nothing was taken.
    TOO_LARGE,
    /// All bodies together would become larger than they may be. Nothing was taken.
    NO_ROOM
  }

  private static final byte[] NOTHING = {};
  private static final int FIRST_BYTES = 1024;

  private final int maxBytes;
  private final BodyBudget budget;
  private byte[] bytes = NOTHING;
  private int length;
  private int heldBytes;

  RequestBody(int maxBytes, BodyBudget budget) {
    this.maxBytes = maxBytes;
    this.budget = budget;
  }

  int maxBytes() {
    return maxBytes;
  }

  Part append(ByteBuf part) {
    int added = part.readableBytes();
    if (added > maxBytes - length) {
      return Part.TOO_LARGE;
    }
    if (added > bytes.length - length && !grow(length + added)) {
      return Part.NO_ROOM;
    }
    part.readBytes(bytes, length, added);
    length += added;
    return Part.TAKEN;
  }

  private boolean grow(int needed) {
    long wanted = Math.max(needed, Math.max(FIRST_BYTES, 2L * bytes.length));
    int capacity = (int) Math.min(wanted, Math.max(maxBytes, needed));
    if (!budget.take(capacity - bytes.length)) {
      return false;
    }
    heldBytes = capacity;
    bytes = Arrays.copyOf(bytes, capacity);
    return true;
  }

  byte[] toBytes() {
    if (length < bytes.length) {
      bytes = Arrays.copyOf(bytes, length);
    }
    return bytes;
  }

  /// Nobody needs these bytes any more. Called once, by whoever had them last.
  void giveBack() {
    budget.giveBack(heldBytes);
  }
}
