package dev.pushgate.core.channel;

import dev.pushgate.core.outcome.Outcome;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Predicate;

/// The joins that wait at a home until it knows enough of its stream, in order and bounded in
/// number. Confined to its home.
final class JoinQueue {
  /// @param readings how many times the stream had been asked for when it came
  record Waiting(JoinRequest request, long readings) {}

  private final ChannelHome home;
  private final HomeHost host;
  private final Outcome.Refused<?> full;
  private final Deque<Waiting> waiting = new ArrayDeque<>(0);

  /// @param full what a join is told for which there is no room
  JoinQueue(ChannelHome home, HomeHost host, Outcome.Refused<?> full) {
    this.home = home;
    this.host = host;
    this.full = full;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /// Those who gave up while they waited make room for those who have not. False, and it is
  /// refused, when there is none.
  boolean add(JoinRequest request, long readings) {
    int most = host.limits().waiting().requests();
    if (waiting.size() >= most) {
      waiting.removeIf(other -> other.request().isGone());
    }
    if (waiting.size() >= most) {
      host.joinRefused(request, full);
      return false;
    }
    waiting.addLast(new Waiting(request, readings));
    return true;
  }

  /// Lets those in who wait for nothing more.
  void admit(Predicate<Waiting> isReady) {
    int count = waiting.size();
    for (int i = 0; i < count; i++) {
      Waiting next = waiting.removeFirst();
      if (isReady.test(next)) {
        home.admit(next.request());
      } else {
        waiting.addLast(next);
      }
    }
  }
}
