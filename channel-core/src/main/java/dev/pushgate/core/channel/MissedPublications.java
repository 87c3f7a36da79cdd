package dev.pushgate.core.channel;

import dev.pushgate.core.publication.EncodedFrames;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.relay.Seen;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// What a reading of the stream brought and members have yet to be given. Confined to its home.
final class MissedPublications {
  private final ChannelHome home;
  private final HomeHost host;
  private final Deque<Publication> missed = new ArrayDeque<>(0);

  /// Where the stream stood at that reading; null when there was none, or it is void.
  private @Nullable Seen head;

  MissedPublications(ChannelHome home, HomeHost host) {
    this.home = home;
    this.host = host;
  }

  /// @param publication the next one, perhaps not right behind the last
  void add(Publication publication) {
    missed.addLast(publication);
  }

  /// The reading ended there.
  void endAt(Seen stream) {
    head = stream;
  }

  void clear() {
    missed.clear();
    head = null;
  }

  /// Gives members as much as one turn may take, and tells them what cannot be had any more. True
  /// when all was given.
  boolean give() {
    long bytes = 0;
    while (!missed.isEmpty()) {
      if (bytes >= host.limits().turn().bytes()) {
        return false;
      }
      Publication next = missed.removeFirst();
      bytes += next.weight();
      skipTo(next.offset() - 1);
      home.accept(new EncodedFrames(next));
    }
    if (head != null) {
      skipTo(head.position().offset());
      home.setHeadId(head.id());
    }
    return true;
  }

  private void skipTo(long offset) {
    if (offset > home.head()) {
      home.skipTo(offset);
    }
  }
}
