package dev.pushgate.gateway.net;

import dev.pushgate.core.memory.MemoryHolder;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The body of one request as it comes in. Grows with what has come, whatever length was declared,
/// and takes that out of the room of all. Confined to the connection's event loop, but for
/// [#giveBack], [#giveUp] and what they ask.
final class RequestBody {
  /// What came of a part.
  enum Part {
    TAKEN,
    /// The body would become larger than one may be. Nothing was taken.
    TOO_LARGE,
    /// All bodies together, or its sender's, would become larger than they may be. Nothing was
    /// taken.
    NO_ROOM
  }

  private enum State {
    COMING,
    WHOLE,
    GONE
  }

  private static final byte[] NOTHING = {};
  private static final int FIRST_BYTES = 1024;

  private final int maxBytes;
  private final MemoryHolder holder;
  private final Bodies bodies;
  private final Runnable onGivenUp;
  private byte[] bytes = NOTHING;
  private int length;

  /// These two under the lock, which is never held while another is taken.
  private State state = State.COMING;

  private int heldBytes;

  /// @param holder on whose account it is
  /// @param onGivenUp runs on any thread when its room went to somebody else
  RequestBody(int maxBytes, MemoryHolder holder, Bodies bodies, Runnable onGivenUp) {
    this.maxBytes = maxBytes;
    this.holder = holder;
    this.bodies = bodies;
    this.onGivenUp = onGivenUp;
  }

  int maxBytes() {
    return maxBytes;
  }

  MemoryHolder holder() {
    return holder;
  }

  /// What has come.
  int length() {
    return length;
  }

  /// What it takes of the room of all.
  synchronized long heldBytes() {
    return heldBytes;
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
    int held = bytes.length;
    if (!bodies.take(this, held, capacity)) {
      return false;
    }
    if (!isHeld(capacity)) {
      bodies.giveBack(this, capacity, held);
      return false;
    }
    bytes = Arrays.copyOf(bytes, capacity);
    return true;
  }

  private synchronized boolean isHeld(int capacity) {
    if (state == State.COMING) {
      heldBytes = capacity;
    }
    return state == State.COMING;
  }

  /// All of it. From here on it is not given up.
  ///
  /// @return null when it has been
  byte @Nullable [] whole() {
    if (!ends(State.WHOLE)) {
      return null;
    }
    bodies.finished(this);
    if (length < bytes.length) {
      bytes = Arrays.copyOf(bytes, length);
    }
    return bytes;
  }

  /// Its room is somebody else's from now on, if it is not whole.
  boolean giveUp() {
    if (!ends(State.GONE)) {
      return false;
    }
    bodies.giveBack(this, heldBytes(), 0);
    onGivenUp.run();
    return true;
  }

  private synchronized boolean ends(State now) {
    boolean wasComing = state == State.COMING;
    if (wasComing) {
      state = now;
    }
    return wasComing;
  }

  /// Nobody needs these bytes any more.
  void giveBack() {
    if (isLet()) {
      bodies.giveBack(this, heldBytes(), 0);
    }
  }

  private synchronized boolean isLet() {
    boolean wasHeld = state != State.GONE;
    state = State.GONE;
    return wasHeld;
  }
}
