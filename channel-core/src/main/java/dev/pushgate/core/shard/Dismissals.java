package dev.pushgate.core.shard;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Who is to be closed at the end of the turn: who has not kept up, and who could not be given what
/// it was due. Never during a walk, for closing changes the sets. Until then the latter gets
/// nothing more: behind a hole nothing may follow, or a resume would begin on its wrong side.
/// Confined to its shard.
final class Dismissals {
  private final ShardFaults faults;
  private final List<Subscriber> slow = new ArrayList<>();
  private final Map<Subscriber, Throwable> failed = new LinkedHashMap<>();

  Dismissals(ShardFaults faults) {
    this.faults = faults;
  }

  void slow(Subscriber subscriber) {
    slow.add(subscriber);
  }

  void fail(Subscriber subscriber, Throwable cause) {
    faults.note("one subscriber", cause);
    add(subscriber, cause);
  }

  void fail(SubscriberSet.Group group, Throwable cause) {
    faults.note("all subscribers of a channel", cause);
    for (int i = 0; i < group.size(); i++) {
      add(group.subscriber(i), cause);
    }
  }

  /// As [#fail] for a cause that was noted already.
  void add(Subscriber subscriber, Throwable cause) {
    failed.putIfAbsent(subscriber, cause);
  }

  /// Tells a subscriber something, unless it gets nothing more; when that fails, it gets nothing
  /// more.
  void tell(Subscriber subscriber, Consumer<Subscriber> what) {
    if (hasFailed(subscriber)) {
      return;
    }
    try {
      what.accept(subscriber);
    } catch (Throwable e) {
      fail(subscriber, e);
    }
  }

  boolean hasFailed() {
    return !failed.isEmpty();
  }

  boolean hasFailed(Subscriber subscriber) {
    return !failed.isEmpty() && failed.containsKey(subscriber);
  }

  void carryOut() {
    if (!failed.isEmpty()) {
      Map<Subscriber, Throwable> all = new LinkedHashMap<>(failed);
      failed.clear();
      all.forEach((subscriber, cause) -> attempt(() -> subscriber.fail(cause)));
    }
    for (int i = 0; i < slow.size(); i++) {
      attempt(slow.get(i)::closeSlow);
    }
    slow.clear();
  }

  private void attempt(Runnable close) {
    try {
      close.run();
    } catch (Throwable e) {
      faults.note("closing a subscriber", e);
    }
  }
}
