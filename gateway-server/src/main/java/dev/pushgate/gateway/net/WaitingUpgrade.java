package dev.pushgate.gateway.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The upgrade of one connection until its turn comes, with the bytes that came behind its request.
/// What it takes meanwhile is counted; when there is no room for that, its turn comes at once.
/// Confined to the connection's event loop.
final class WaitingUpgrade {
  private final HeadRoom.Head head;
  private final Runnable turn;

  /// Null before it begins, and when it waits no more.
  private WebSocketUpgrade.@Nullable Pending pending;

  private @Nullable ByteBuf behind;

  /// @param head what counts it
  /// @param turn calls [#over] and upgrades
  WaitingUpgrade(HeadRoom.Head head, Runnable turn) {
    this.head = head;
    this.turn = turn;
  }

  void begin(WebSocketUpgrade.Pending upgrade) {
    pending = upgrade;
    upgrade.inTurn(turn);
    hold();
  }

  /// Bytes that came behind the request, also before this began. They are copied: the first have
  /// the request's head in their buffer.
  void take(ByteBuf bytes) {
    behind = behind == null ? Unpooled.copiedBuffer(bytes) : behind.writeBytes(bytes);
    hold();
  }

  private void hold() {
    if (pending != null
        && !head.holdsWaiting(pending.heldBytes() + (behind == null ? 0 : behind.capacity()))) {
      pending.cancel(turn);
      turn.run();
    }
  }

  /// Its turn has come.
  WebSocketUpgrade.Pending over() {
    WebSocketUpgrade.Pending upgrade = Objects.requireNonNull(pending);
    pending = null;
    return upgrade;
  }

  /// Ends the waiting before its turn, if it waits.
  void cancel() {
    if (pending != null) {
      pending.cancel(turn);
      pending = null;
      Objects.requireNonNullElse(takeBehind(), Unpooled.EMPTY_BUFFER).release();
    }
  }

  /// The bytes that came behind the request, which are the caller's now; null when there are none.
  @Nullable ByteBuf takeBehind() {
    ByteBuf bytes = behind;
    behind = null;
    return bytes;
  }
}
