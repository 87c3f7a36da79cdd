package dev.pushgate.gateway.session;

import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;

/// The end of a connection: says the last frame, hears the other side's, and closes the socket, so
/// that the last frame is not lost by closing too early. Confined to the socket's loop.
final class Farewell {
  private final Channel socket;
  private final Outbox outbox;
  private boolean sent;
  private boolean answered;
  private boolean neverAnswered;

  Farewell(Channel socket, Outbox outbox) {
    this.socket = socket;
    this.outbox = outbox;
  }

  void say(byte[] goodbye) {
    outbox.writeLast(
        goodbye,
        () -> {
          sent = true;
          proceed();
        });
  }

  /// The other side's close frame has come.
  void answered() {
    answered = true;
    proceed();
  }

  /// The other side's close frame would not be recognized.
  void neverAnswered() {
    neverAnswered = true;
  }

  void abandon() {
    close();
  }

  /// After a broken frame only the end of the stream tells that the other side has read all:
  /// closing while its bytes are still on their way would reset the connection and take our last
  /// frame with it.
  private void proceed() {
    if (!sent) {
      return;
    }
    if (answered) {
      close();
    } else if (neverAnswered && socket instanceof DuplexChannel duplex) {
      var unused = duplex.shutdownOutput();
    }
  }

  private void close() {
    var unused = socket.close();
  }
}
