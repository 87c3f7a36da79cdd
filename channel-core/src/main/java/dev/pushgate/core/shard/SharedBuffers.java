package dev.pushgate.core.shard;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/// Buffers that were offered to many sockets. One is given back right after its walk when all have
/// taken it; of the others one reference is kept here, to see when it is the last. Confined to its
/// shard's loop.
final class SharedBuffers {
  /// How many are looked at in a turn beside its own.
  private static final int LOOKS = 8;

  private final Consumer<ByteBuf> release;

  /// Of this turn, and of turns before.
  private final List<ByteBuf> fresh = new ArrayList<>();

  private final Deque<ByteBuf> held = new ArrayDeque<>();

  /// @param release of what nobody else holds any more
  SharedBuffers(Consumer<ByteBuf> release) {
    this.release = release;
  }

  /// A buffer has been offered to all who are due it.
  void walked(ByteBuf shared) {
    if (!giveBack(shared)) {
      fresh.add(shared);
    }
  }

  /// Called at the end of each turn: looks at those of the turn, and at some others.
  void settle() {
    if (!fresh.isEmpty()) {
      for (ByteBuf buffer : fresh) {
        if (!giveBack(buffer)) {
          held.addLast(buffer);
        }
      }
      fresh.clear();
    }
    if (!held.isEmpty()) {
      look(LOOKS);
    }
  }

  void lookAtSome() {
    look(LOOKS);
  }

  void lookAtAll() {
    look(held.size());
  }

  private void look(int most) {
    for (int i = Math.min(most, held.size()); i > 0; i--) {
      ByteBuf buffer = held.removeFirst();
      if (!giveBack(buffer)) {
        held.addLast(buffer);
      }
    }
  }

  /// False when somebody still holds it.
  private boolean giveBack(ByteBuf shared) {
    if (shared.refCnt() > 1) {
      return false;
    }
    release.accept(shared);
    return true;
  }
}
