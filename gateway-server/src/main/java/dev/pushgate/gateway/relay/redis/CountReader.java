package dev.pushgate.gateway.relay.redis;

import dev.pushgate.core.cluster.ChannelCounts;
import dev.pushgate.core.name.ChannelKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the other nodes tell one Redis of their counts, added up. Changes are heard and applied by
/// their numbers; all of a node's counts are read when it is new, when a number is missing, and
/// when some may not have been heard. Confined to the control thread; the sums are not.
final class CountReader {
  private final RelayShard shard;
  private final ControlKeys keys;
  private final String self;
  private final ChannelCounts sums;
  private final ControlThread thread;
  private final Drops drops;
  private final SealedTexts texts;
  private final Map<String, Known> nodes = new HashMap<>();
  private volatile boolean missed;

  /// What is known of one node.
  private static final class Known {
    Map<ChannelKey, Integer> counts = Map.of();
    long number;

    /// The number that the last heartbeat told; what is behind it for a whole heartbeat is read.
    long due;

    /// The newest number that was heard during a reading.
    long heard;

    boolean reading;
    boolean doubtful;
  }

  /// @param sums where all readers add up what they read
  CountReader(
      RelayShard shard,
      ControlKeys keys,
      String self,
      ChannelCounts sums,
      ControlThread thread,
      Drops drops,
      SealedTexts texts) {
    this.shard = shard;
    this.keys = keys;
    this.self = self;
    this.sums = sums;
    this.thread = thread;
    this.drops = drops;
    this.texts = texts;
  }

  /// A node told some changes.
  ///
  /// @return false when that node is new: a heartbeat will tell whether it is one
  boolean heard(byte[] message) {
    String text = texts.open(SealedTexts.COUNTS, message, keys.counts());
    if (text == null) {
      return true;
    }
    CountDelta delta = CountDelta.read(text).orElse(null);
    if (delta == null) {
      drops.dropped(RelayObserver.Drop.SHAPE, keys.counts());
      return true;
    }
    if (delta.node().equals(self)) {
      return true;
    }
    Known known = nodes.get(delta.node());
    if (known == null) {
      return false;
    }
    if (known.reading) {
      known.heard = Math.max(known.heard, delta.number());
    } else if (delta.number() == known.number + 1) {
      apply(known, delta);
    } else if (delta.number() > known.number) {
      read(delta.node(), known);
    }
    return true;
  }

  private void apply(Known known, CountDelta delta) {
    if (known.number == 0) {
      known.counts = new HashMap<>();
    }
    delta.counts().forEach((key, count) -> sums.add(key, count - put(known.counts, key, count)));
    known.number = delta.number();
  }

  private static int put(Map<ChannelKey, Integer> counts, ChannelKey key, int count) {
    Integer before = count == 0 ? counts.remove(key) : counts.put(key, count);
    return before == null ? 0 : before;
  }

  /// A heartbeat tells who lives, and how far each has told its counts. Who is not there counts no
  /// more, unless Redis itself was away or lost who was there.
  void seen(Beat beat) {
    if (!beat.noReap()) {
      Set<String> ids = beat.nodes().stream().map(Beat.Node::id).collect(Collectors.toSet());
      List.copyOf(nodes.keySet()).stream().filter(id -> !ids.contains(id)).forEach(this::forget);
    }
    if (missed) {
      missed = false;
      nodes.values().forEach(known -> known.doubtful = true);
    }
    for (Beat.Node node : beat.nodes()) {
      if (!node.id().equals(self)) {
        seen(node);
      }
    }
  }

  private void seen(Beat.Node node) {
    Known known = nodes.computeIfAbsent(node.id(), _ -> new Known());
    boolean behind = known.number < known.due;
    known.due = numberOf(node.countNumber());
    if (known.doubtful || behind || (known.number == 0 && known.due > 0)) {
      read(node.id(), known);
    }
  }

  /// The number of a complete hash; 0 when there is none.
  private static long numberOf(@Nullable String text) {
    if (text == null || text.isEmpty() || text.startsWith(CountReporter.UNFINISHED)) {
      return 0;
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException _) {
      return 0;
    }
  }

  private void forget(String id) {
    Known gone = nodes.remove(id);
    if (gone != null) {
      gone.counts.forEach((key, count) -> sums.add(key, -count));
    }
  }

  /// From now on everything is heard; what came before may not have been.
  void confirmed() {
    nodes.forEach(this::read);
  }

  /// A message was dropped: the next heartbeat has everything read. Thread-safe.
  void missed() {
    missed = true;
  }

  private void read(String id, Known known) {
    known.doubtful = true;
    if (known.reading || !shard.isUp()) {
      return;
    }
    known.reading = true;
    known.doubtful = false;
    known.heard = 0;
    var unused =
        shard
            .eval(Script.COUNTS_READ, List.of(keys.count(id)), new ScriptArgs())
            .whenComplete((reply, _) -> thread.run(() -> answered(id, known, reply)));
  }

  private void answered(String id, Known known, @Nullable Reply reply) {
    known.reading = false;
    if (nodes.get(id) != known) {
      return; // it is gone meanwhile
    }
    Map<String, String> fields = reply == null ? new HashMap<>() : fields(id, reply);
    long number = numberOf(fields.remove(CountReporter.NUMBER));
    if (number == 0) {
      // It could not be read, or is not complete: what was known stays until it can be.
      known.doubtful = known.due > 0 || known.number > 0 || reply == null;
      return;
    }
    replace(known, fields);
    known.number = number;
    if (known.doubtful || known.heard > number) {
      read(id, known);
    }
  }

  /// Those that this node said itself.
  private Map<String, String> fields(String id, Reply reply) {
    Map<String, String> fields = new HashMap<>();
    for (int i = 0; i + 1 < reply.size(); i += 2) {
      String field = reply.text(i);
      String said = texts.open(SealedTexts.ofCount(id, field), reply.bytes(i + 1), keys.counts());
      if (said != null) {
        fields.put(field, said);
      }
    }
    return fields;
  }

  private void replace(Known known, Map<String, String> fields) {
    Map<ChannelKey, Integer> before = known.counts;
    Map<ChannelKey, Integer> after = new HashMap<>();
    fields.forEach((field, count) -> take(field, count, after));
    known.counts = after;
    after.forEach((key, count) -> sums.add(key, count - before.getOrDefault(key, 0)));
    before.forEach((key, count) -> sums.add(key, after.containsKey(key) ? 0 : -count));
  }

  private void take(String field, String count, Map<ChannelKey, Integer> counts) {
    try {
      counts.put(ChannelKey.parse(field), CountDelta.count(count));
    } catch (IllegalArgumentException _) {
      drops.dropped(RelayObserver.Drop.SHAPE, keys.counts());
    }
  }
}
