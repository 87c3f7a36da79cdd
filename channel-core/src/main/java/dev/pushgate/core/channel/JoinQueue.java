package dev.pushgate.core.channel;

import dev.pushgate.core.outcome.Outcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// The joins that wait at a home until it knows enough of its stream, in order and bounded in
/// number. Confined to its home.
final class JoinQueue {
  /// @param readings how many times the stream had been asked for when it came
  record Waiting(JoinRequest request, long readings) {}

  private final ChannelHome home;
  private final HomeHost host;
  private final Outcome.Refused<?> full;

  /// An immutable one while there was never a join: most homes have none that waits.
  private Map<JoinRequest, Waiting> waiting = Map.of();

  /// @param full what a join is told for which there is no room
  JoinQueue(ChannelHome home, HomeHost host, Outcome.Refused<?> full) {
    this.home = home;
    this.host = host;
    this.full = full;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /// False, and it is refused, when there is no room.
  boolean add(JoinRequest request, long readings) {
    if (waiting.size() >= host.limits().waiting().requests()) {
      host.joinRefused(request, full);
      return false;
    }
    if (waiting.isEmpty()) {
      waiting = new LinkedHashMap<>();
    }
    waiting.put(request, new Waiting(request, readings));
    return true;
  }

  /// Nobody waits for this one any more, if it is still here.
  void remove(JoinRequest request) {
    if (!waiting.isEmpty()) {
      waiting.remove(request);
    }
  }

  /// Lets those in who wait for nothing more.
  void admit(Predicate<Waiting> isReady) {
    for (Waiting next : List.copyOf(waiting.values())) {
      if (isReady.test(next) && waiting.remove(next.request()) != null) {
        home.admit(next.request());
      }
    }
  }
}
