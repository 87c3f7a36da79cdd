package dev.pushgate.gateway.session;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.outcome.CloseReason;
import dev.pushgate.gateway.net.websocket.FrameReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// What a client has sent that is not carried out yet: the commands that wait, its unfinished
/// message, and bytes that were read and that nobody has looked at. Confined to its session.
///
/// A command takes several times the memory of its bytes: so when too many wait, or the loop has no
/// time for the next, the bytes behind it are left as they came, and the socket is not read any
/// more.
final class Received {
  private final Session session;
  private final Sessions home;
  private final FrameReader reader;
  private final IncomingFrames frames;
  private final Inbox inbox;
  private final MemoryHolder holder;
  private final InboundMemory memory;
  private final MessageWatch watch;

  /// What was read and not looked at yet.
  private @Nullable ByteBuf rest;

  /// Whether it is being closed for want of memory. Read by any loop.
  private volatile boolean isGoing;

  /// What of it stands in [InboundMemory].
  long countedBytes;

  Received(Session session, Inbox inbox, MemoryHolder holder, Sessions home) {
    SessionServices services = home.services();
    this.session = session;
    this.home = home;
    this.inbox = inbox;
    this.holder = holder;
    this.memory = home.inbound();
    this.reader = new FrameReader(services.limits().inbound().frameBytes());
    this.frames = new IncomingFrames(session, services, home.observer());
    this.watch =
        new MessageWatch(
            session,
            reader,
            services.limits().times().message(),
            services.nanoTime(),
            home.deadlines());
  }

  MemoryHolder holder() {
    return holder;
  }

  /// Makes commands of what came, up to where they have to wait. `bytes` remain the caller's.
  void read(ByteBuf bytes) {
    if (rest == null) {
      reader.read(bytes, frames, this::wantsMore);
    }
    if (rest != null) {
      rest.writeBytes(bytes);
      count(); // a socket that was half closed is read to its end whatever waits
    } else if (bytes.isReadable()) {
      rest = Unpooled.buffer(bytes.readableBytes()).writeBytes(bytes);
    }
  }

  boolean hasRest() {
    return rest != null;
  }

  /// Goes on where it had to wait.
  void goOn() {
    readRest(this::wantsMore);
  }

  /// Makes commands of all that has come, however many wait: nothing more comes, or counts.
  void readToEnd() {
    readRest(() -> true);
  }

  private void readRest(BooleanSupplier wantsMore) {
    ByteBuf bytes = rest;
    if (bytes != null) {
      rest = null;
      try {
        reader.read(bytes, frames, wantsMore);
      } catch (Throwable e) {
        session.fail(e); // whoever called goes on with other sessions
        reader.read(bytes, frames); // the goodbye may be there
      }
      rest = bytes.isReadable() ? bytes : null;
    }
  }

  private boolean wantsMore() {
    return !session.isOpen() || !inbox.isFull();
  }

  /// All bytes that were there have been read: what is left of them is held against the limits.
  void readEnds() {
    if (session.isOpen()) {
      watch.readEnds();
      count();
    }
  }

  /// More waits than before, or less.
  void count() {
    long bytes = reader.heldBytes() + inbox.waitingBytes() + (rest == null ? 0 : rest.capacity());
    if (bytes != countedBytes) {
      memory.hold(this, bytes);
    }
  }

  boolean isOnLoopOf(Received other) {
    return home.equals(other.home);
  }

  boolean isGoing() {
    return isGoing;
  }

  /// Its room is somebody else's: it is closed in a moment. Called by any loop.
  void goes() {
    isGoing = true;
  }

  /// As [#tooMuch], from another loop.
  ///
  /// @param gone runs when it holds nothing any more
  void tooMuchSoon(Runnable gone) {
    home.hop(
        () -> {
          try {
            tooMuch();
          } finally {
            gone.run();
          }
        });
  }

  /// There is no memory for it, and nobody holds more.
  void tooMuch() {
    session.close(CloseReason.RATE_LIMITED);
  }

  /// The session has ended: of what still comes only the client's goodbye is of interest.
  void drop() {
    watch.cancel();
    reader.passOver();
    readToEnd();
    memory.hold(this, 0);
  }
}
