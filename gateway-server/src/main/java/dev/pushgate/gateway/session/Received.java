package dev.pushgate.gateway.session;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.outcome.CloseReason;
import dev.pushgate.gateway.net.websocket.FrameReader;

/// What a client has sent that is not carried out yet: its unfinished message, and the commands
/// that wait. Confined to its session.
final class Received {
  private final Session session;
  private final Sessions home;
  private final FrameReader reader;
  private final Inbox inbox;
  private final MemoryHolder holder;
  private final InboundMemory memory;
  private final MessageWatch watch;

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
    this.watch =
        new MessageWatch(
            session,
            reader,
            services.limits().times().message(),
            services.nanoTime(),
            home.deadlines());
  }

  FrameReader reader() {
    return reader;
  }

  MemoryHolder holder() {
    return holder;
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
    long bytes = reader.heldBytes() + inbox.waitingBytes();
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

  /// As [#tooMuch], from another loop.
  ///
  /// @param gone runs when it holds nothing any more
  void tooMuchSoon(Runnable gone) {
    isGoing = true;
    home.hop(
        () -> {
          tooMuch();
          gone.run();
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
    memory.hold(this, 0);
  }
}
