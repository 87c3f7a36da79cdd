package dev.pushgate.gateway.relay.redis;

import dev.pushgate.core.cluster.LocalOccupancy;
import dev.pushgate.core.cluster.NodeInfo;
import dev.pushgate.core.cluster.Nodes;
import dev.pushgate.core.cluster.Notices;
import dev.pushgate.core.cluster.Occupancy;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.OpaqueId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What the nodes of a cluster tell each other beside publications, through every Redis of the
/// relay: that they live, how many subscribers they have, and notices. Thread-safe; no method but
/// [#close] blocks.
public final class ControlPlane implements AutoCloseable {
  private static final Duration GOODBYE = Duration.ofMillis(500);

  /// What all nodes call the only Redis: they may dial it under different names.
  private static final String THE_ONLY_ONE = "one";

  private final RelayShards shards;
  private final LocalOccupancy local;
  private final SealedTexts texts;
  private final ControlThread thread = new ControlThread();
  private final Map<RelayShard, Part> parts = new LinkedHashMap<>();
  private final RedisNodes nodes;
  private final RedisNotices notices;
  private final RedisOccupancy occupancy;

  /// What is there for one Redis.
  private record Part(
      Canary canary, Heartbeat heartbeat, CountReporter reporter, CountReader reader) {}

  /// This node.
  ///
  /// @param id 1 to 64 of `a–z 0–9`, another at each start
  /// @param startedAtMs in milliseconds since 1970
  /// @param connections how many WebSocket sessions it has at the moment
  /// @param lease how long it counts as alive after its last heartbeat
  /// @param grace how long those who are present through it may take to come back when it ends
  public record Self(
      String id,
      String version,
      long startedAtMs,
      IntSupplier connections,
      Duration lease,
      Duration grace) {}

  /// How it stands with one Redis.
  ///
  /// @param relay what all nodes call it, however each of them dials it
  /// @param name what people call it
  /// @param canaryAgeMs see [#canaryAgesMs]
  /// @param hasCome whether a message of this node to itself ever came back through it
  /// @param fits false when nodes with other URLs use it
  /// @param isHeard whether it answered the last heartbeat: then it said who else lives
  /// @param trouble what is wrong with it at present; null when nothing is
  public record Standing(
      String relay,
      String name,
      long canaryAgeMs,
      boolean hasCome,
      boolean fits,
      boolean isHeard,
      @Nullable Trouble trouble) {}

  /// What it draws on.
  ///
  /// @param random for ids; thread-safe, and not to be guessed
  /// @param nanoTime as [System#nanoTime]
  public record Sources(RandomGenerator random, LongSupplier nanoTime) {}

  /// @param local where the homes of this node write their counts
  public ControlPlane(RelayShards shards, Self self, LocalOccupancy local, Sources sources) {
    this.shards = shards;
    this.local = local;
    Seal seal = new Seal(shards.config().secret());
    this.texts = new SealedTexts(seal, shards.drops());
    ControlKeys keys = new ControlKeys(shards.config().prefix());
    this.nodes =
        new RedisNodes(
            () ->
                new NodeInfo(
                    self.id,
                    self.version,
                    self.startedAtMs,
                    self.connections.getAsInt(),
                    oldestCanaryMs()),
            self.lease,
            sources.nanoTime);
    this.notices =
        new RedisNotices(
            shards.all(),
            keys,
            seal,
            thread,
            () -> self.id + "-" + OpaqueId.next(sources.random),
            sources.nanoTime,
            shards.drops());
    this.occupancy = new RedisOccupancy(local);
    Heartbeat.Identity identity =
        new Heartbeat.Identity(
            self.id, self.lease, self.grace, Fingerprint.of(shards.config().urls()));
    for (RelayShard shard : shards.all()) {
      parts.put(shard, part(shard, keys, identity, sources.nanoTime));
    }
  }

  private Part part(
      RelayShard shard, ControlKeys keys, Heartbeat.Identity identity, LongSupplier nanoTime) {
    Canary canary = new Canary(nanoTime);
    return new Part(
        canary,
        new Heartbeat(
            shard,
            keys,
            identity,
            () -> RedisNodes.says(nodes.all().getFirst()),
            thread,
            texts,
            canary,
            nanoTime),
        new CountReporter(
            shard, keys, identity, local, key -> shards.of(key) == shard, texts, thread, nanoTime),
        new CountReader(
            shard, keys, identity.node(), occupancy.others(), thread, shards.drops(), texts));
  }

  public Notices notices() {
    return notices;
  }

  public Nodes nodes() {
    return nodes;
  }

  public Occupancy occupancy() {
    return occupancy;
  }

  /// By the name of each Redis: how long ago the newest of this node's messages to itself that came
  /// back was sent, or since the start when none has.
  public Map<String, Long> canaryAgesMs() {
    Map<String, Long> ages = new LinkedHashMap<>();
    parts.forEach((shard, part) -> ages.put(shard.name(), part.canary.ageMs()));
    return ages;
  }

  /// What this node knows of itself at each Redis, in the order of the settings.
  public List<Standing> standings() {
    return parts.entrySet().stream().map(at -> standing(at.getKey(), at.getValue())).toList();
  }

  private Standing standing(RelayShard shard, Part part) {
    return new Standing(
        parts.size() == 1 ? THE_ONLY_ONE : shard.url().identity(),
        shard.name(),
        part.canary.ageMs(),
        part.canary.hasCome(),
        part.heartbeat.fits(),
        part.heartbeat.isHeard(),
        shard.trouble());
  }

  private long oldestCanaryMs() {
    return parts.values().stream().mapToLong(part -> part.canary.ageMs()).max().orElse(0);
  }

  /// Names who is told that a Redis has lost its data without a lost connection. To be called
  /// before [#start].
  public void whenLost(Consumer<RelayShard> told) {
    parts.forEach((shard, part) -> part.heartbeat.whenLost(() -> told.accept(shard)));
  }

  /// Begins. Called once, when the notices have their listener.
  ///
  /// @param within how long a Redis may take to answer; one that does not is asked later
  /// @return the name of a Redis that nodes with other URLs use; empty when none is known to be so
  public CompletionStage<Optional<String>> start(Duration within) {
    String counts = new ControlKeys(shards.config().prefix()).counts();
    List<CompletableFuture<Optional<String>>> misfits = new ArrayList<>();
    parts.forEach(
        (shard, part) -> {
          shard.listen(
              counts, message -> heard(part, message), () -> thread.run(part.reader::confirmed));
          part.heartbeat.start(beat -> beaten(shard, part, beat));
          misfits.add(
              part.heartbeat
                  .first()
                  .toCompletableFuture()
                  .copy()
                  .completeOnTimeout(true, within.toMillis(), TimeUnit.MILLISECONDS)
                  .thenApply(fits -> fits ? Optional.<String>empty() : Optional.of(shard.name())));
        });
    local.onChange(key -> reporterOf(key).changed(key));
    return CompletableFuture.allOf(misfits.toArray(CompletableFuture[]::new))
        .thenApply(
            _ ->
                misfits.stream()
                    .map(CompletableFuture::join)
                    .flatMap(Optional::stream)
                    .findFirst());
  }

  @SuppressWarnings("NullAway") // every shard has its part
  private CountReporter reporterOf(ChannelKey key) {
    return parts.get(shards.of(key)).reporter;
  }

  private void heard(Part part, byte[] message) {
    boolean taken =
        thread.offer(
            () -> {
              if (!part.reader.heard(message)) {
                part.heartbeat.hasten();
              }
            });
    if (!taken) {
      part.reader.missed();
    }
  }

  private void beaten(RelayShard shard, Part part, Beat beat) {
    part.reader.seen(beat);
    for (Beat.Node node : beat.nodes()) {
      if (node.id().equals(nodes.self())) {
        part.reporter.seen(node.countNumber());
      }
    }
    nodes.seen(shard.name(), beat.nodes());
    notices.arrived(beat);
    notices.tellNext();
  }

  /// Ends this node's leases, so that the others need not wait for their end.
  @Override
  public void close() {
    thread.close(); // first: no heartbeat is to follow the farewell
    CompletableFuture<?>[] told =
        parts.values().stream()
            .map(part -> part.heartbeat.goodbye().toCompletableFuture())
            .toArray(CompletableFuture[]::new);
    var unused =
        CompletableFuture.allOf(told)
            .exceptionally(_ -> null)
            .completeOnTimeout(null, GOODBYE.toMillis(), TimeUnit.MILLISECONDS)
            .join();
  }
}
