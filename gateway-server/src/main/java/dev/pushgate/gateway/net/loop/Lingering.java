package dev.pushgate.gateway.net.loop;

import io.netty.channel.Channel;
import java.util.LinkedHashSet;
import java.util.SequencedSet;

/// Sockets whose clients have been told everything, and have a moment to take it in before the
/// socket is closed. There are only so many of them: with one more, the one that has had longest is
/// closed. Confined to its loop.
public final class Lingering {
  private static final int MOST = 128;

  private final SequencedSet<Channel> sockets = new LinkedHashSet<>();

  /// Of this loop; until it is closed.
  public void add(Channel socket) {
    if (sockets.size() >= MOST) {
      var unused = sockets.removeFirst().close();
    }
    sockets.add(socket);
    socket.closeFuture().addListener(_ -> sockets.remove(socket));
  }
}
