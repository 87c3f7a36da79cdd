package dev.pushgate.gateway.relay.redis;

import dev.pushgate.core.cluster.LocalOccupancy;
import dev.pushgate.core.name.ChannelKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Tells one Redis how many subscribers its channels have on this node: a change at once, those
/// that follow within 200 ms together. The calls are numbered. Whenever it is not sure that Redis
/// has everything (an answer was lost, or Redis lost its data) it tells all counts anew, and the
/// others read them. Confined to the control thread, but for [#changed].
final class CountReporter {
  private static final Duration PACE = Duration.ofMillis(200);
  private static final int CHANNELS_MAX = 500;

  /// The field of the number of the last call.
  static final String NUMBER = "#";

  /// What stands before that number while not everything is told.
  static final String UNFINISHED = "-";

  /// What stands for the number before the first call.
  private static final String NONE = "0";

  private final RelayShard shard;
  private final ControlKeys keys;
  private final Heartbeat.Identity identity;
  private final LocalOccupancy local;
  private final Predicate<ChannelKey> ofShard;
  private final SealedTexts texts;
  private final ControlThread thread;
  private final LongSupplier nanoTime;

  private final Set<ChannelKey> changed = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean planned = new AtomicBoolean();

  /// What is still to be told of all counts; null when single changes are.
  private @Nullable Deque<ChannelKey> all;

  /// The number that Redis should have; empty when that is not known.
  private String stored = NONE;

  private long number;
  private long toldAtNanos;
  private boolean telling;

  /// @param ofShard which channels are on this Redis
  CountReporter(
      RelayShard shard,
      ControlKeys keys,
      Heartbeat.Identity identity,
      LocalOccupancy local,
      Predicate<ChannelKey> ofShard,
      SealedTexts texts,
      ControlThread thread,
      LongSupplier nanoTime) {
    this.shard = shard;
    this.keys = keys;
    this.identity = identity;
    this.local = local;
    this.ofShard = ofShard;
    this.texts = texts;
    this.thread = thread;
    this.nanoTime = nanoTime;
    this.toldAtNanos = nanoTime.getAsLong() - PACE.toNanos();
  }

  /// Takes note that a channel of this Redis has another count. Cheap; thread-safe.
  void changed(ChannelKey key) {
    changed.add(key);
    if (planned.compareAndSet(false, true)) {
      thread.run(this::plan);
    }
  }

  private void plan() {
    long since = nanoTime.getAsLong() - toldAtNanos;
    thread.after(
        Duration.ofNanos(Math.max(0, PACE.toNanos() - since)),
        () -> {
          planned.set(false); // what changes from now on is in this call or plans another
          tell();
        });
  }

  /// A heartbeat says which number Redis has: another one than it should have means that it lost
  /// what it was told.
  void seen(String countNumber) {
    if (!telling
        && !stored.isEmpty()
        && !stored.equals(countNumber.isEmpty() ? NONE : countNumber)) {
      stored = "";
    }
    tell();
  }

  private void tell() {
    if (telling) {
      return; // goes on when the answer is here
    }
    boolean anew = stored.isEmpty();
    if (!shard.isUp()) {
      if (anew) {
        changed.clear(); // all of them will be told
      }
      return;
    }
    if (anew) {
      beginAnew();
    }
    if (all != null) {
      tellSomeOfAll(all);
    } else if (!changed.isEmpty()) {
      tellChanges();
    }
  }

  private void tellChanges() {
    Map<ChannelKey, Integer> counts = new LinkedHashMap<>();
    Iterator<ChannelKey> each = changed.iterator();
    while (each.hasNext() && counts.size() < CHANNELS_MAX) {
      ChannelKey key = each.next();
      each.remove(); // before it is read: a change after that is another one
      counts.put(key, local.onNode(key));
    }
    number++;
    call(Long.toString(number), heard(counts), counts);
  }

  private void beginAnew() {
    changed.clear();
    Deque<ChannelKey> every = new ArrayDeque<>();
    for (ChannelKey key : local.counts().keys()) {
      if (ofShard.test(key)) {
        every.add(key);
      }
    }
    all = every;
  }

  /// The others hear of it when it is complete, by a number that makes them read everything.
  private void tellSomeOfAll(Deque<ChannelKey> left) {
    Map<ChannelKey, Integer> counts = new LinkedHashMap<>();
    while (!left.isEmpty() && counts.size() < CHANNELS_MAX) {
      ChannelKey key = left.remove();
      counts.put(key, local.onNode(key));
    }
    if (!left.isEmpty()) {
      call(UNFINISHED + number, new byte[0], counts);
      return;
    }
    all = null;
    number += 2;
    call(Long.toString(number), heard(Map.of()), counts);
  }

  private byte[] heard(Map<ChannelKey, Integer> counts) {
    CountDelta delta = new CountDelta(identity.node(), number, counts);
    return texts.close(SealedTexts.COUNTS, delta.text());
  }

  private void call(String next, byte[] heard, Map<ChannelKey, Integer> counts) {
    String before = stored;
    stored = ""; // until it is answered: what fails on the way is told with everything else
    toldAtNanos = nanoTime.getAsLong();
    ScriptArgs args =
        new ScriptArgs()
            .add(inRedis(before))
            .add(inRedis(next))
            .add(identity.lease().toMillis())
            .add(keys.counts())
            .add(heard);
    counts.forEach((key, count) -> args.add(key.toString()).add(inRedis(key, count)));
    var unused =
        shard
            .eval(Script.COUNTS, List.of(keys.count(identity.node())), args)
            .whenComplete((reply, _) -> thread.run(() -> answered(next, reply)));
    telling = true;
  }

  /// As the script takes it.
  private byte[] inRedis(String text) {
    return text.isEmpty() || text.equals(NONE)
        ? text.getBytes(StandardCharsets.US_ASCII)
        : texts.close(SealedTexts.ofCount(identity.node(), NUMBER), text);
  }

  private byte[] inRedis(ChannelKey key, int count) {
    return count == 0
        ? new byte[0]
        : texts.close(
            SealedTexts.ofCount(identity.node(), key.toString()), Integer.toString(count));
  }

  private void answered(String next, @Nullable Reply reply) {
    telling = false;
    if (reply != null && reply.number(0) == 1) {
      stored = next;
    } else {
      stored = "";
      all = null;
    }
    if (reply == null) {
      return; // the next heartbeat goes on
    }
    if (all != null || stored.isEmpty()) {
      tell();
    } else if (!changed.isEmpty() && planned.compareAndSet(false, true)) {
      plan();
    }
  }
}
