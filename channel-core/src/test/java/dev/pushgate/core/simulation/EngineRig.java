package dev.pushgate.core.simulation;

import dev.pushgate.core.channel.ChannelDirectory;
import dev.pushgate.core.channel.HomeLimits;
import dev.pushgate.core.channel.PrivateNames;
import dev.pushgate.core.channel.Start;
import dev.pushgate.core.cluster.LocalOccupancy;
import dev.pushgate.core.engine.Engine;
import dev.pushgate.core.memory.MemoryBudget;
import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.publication.IdempotencyKey;
import dev.pushgate.core.publication.PublishRequest;
import dev.pushgate.core.publication.Published;
import dev.pushgate.core.relay.SharedRelay;
import dev.pushgate.core.shard.SessionSubscriptions;
import dev.pushgate.core.shard.ShardLoop;
import dev.pushgate.core.store.ChannelCatalog;
import dev.pushgate.core.store.ChannelCatalog.Listed;
import dev.pushgate.core.store.DeclaredChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// An engine on simulated loops, for tests that say exactly what happens.
final class EngineRig {
  static final HomeLimits LIMITS =
      new HomeLimits(
          new HomeLimits.Log(
              10, 100_000, Duration.ofMinutes(5), Duration.ofMinutes(5), 1_000_000, 100),
          new HomeLimits.Idempotency(Duration.ofMinutes(5)),
          new HomeLimits.Waiting(10, 50_000, 100, 1_000_000, Duration.ofSeconds(5)),
          new HomeLimits.Turn(1_000, 1_000_000));

  final SimulatedClock clock = new SimulatedClock();
  final SimulatedStore store = new SimulatedStore(new SplittableRandom(1), clock, 0);
  final SimulatedObserver observer = new SimulatedObserver();
  final CountingAllocator allocator = new CountingAllocator();
  final List<SimulatedLoop> loops = new ArrayList<>();
  final BreakableRosters rosters = new BreakableRosters(clock);
  private final HomeLimits limits;
  private final ChannelCatalog catalog;
  private final @Nullable SharedRelay relay;
  private final MemoryBudget memory;
  Engine engine;

  EngineRig(int shards) {
    this(shards, MemoryBudget.unlimited());
  }

  EngineRig(int shards, MemoryBudget memory) {
    this(shards, LIMITS, new NoCatalog(), null, memory);
  }

  EngineRig(int shards, MemoryBudget memory, HomeLimits limits) {
    this(shards, limits, new NoCatalog(), null, memory);
  }

  EngineRig(int shards, HomeLimits limits) {
    this(shards, limits, new NoCatalog(), null, MemoryBudget.unlimited());
  }

  EngineRig(int shards, ChannelCatalog catalog) {
    this(shards, LIMITS, catalog, null, MemoryBudget.unlimited());
  }

  EngineRig(int shards, SharedRelay relay) {
    this(shards, LIMITS, new NoCatalog(), relay, MemoryBudget.unlimited());
  }

  private EngineRig(
      int shards,
      HomeLimits limits,
      ChannelCatalog catalog,
      @Nullable SharedRelay relay,
      MemoryBudget memory) {
    this.memory = memory;
    this.limits = limits;
    this.relay = relay;
    this.catalog = catalog;
    for (int i = 0; i < shards; i++) {
      loops.add(new SimulatedLoop(clock));
    }
    engine = newEngine();
  }

  /// The process ends and another one begins on the same store.
  void restart() {
    store.loseAsker();
    loops.replaceAll(_ -> new SimulatedLoop(clock));
    engine = newEngine();
  }

  private Engine newEngine() {
    Engine made =
        new Engine(
            List.<ShardLoop>copyOf(loops),
            limits,
            new Engine.Stores(store, catalog),
            directory(),
            relay == null ? null : new Engine.Cluster(relay, ClusterNode.NO_CHANNELS),
            rosters,
            new Engine.Sources(
                clock,
                clock::steadyMs,
                new SplittableRandom(clock.millis()),
                observer,
                allocator,
                new LocalOccupancy(),
                memory));
    made.start();
    return made;
  }

  private ChannelDirectory directory() {
    ChannelDirectory directory =
        new ChannelDirectory(
            memory.share(MemoryKind.CHANNELS),
            new PrivateNames(Duration.ofDays(1), System::nanoTime));
    store.streams().declared().forEach(channel -> directory.set(channel.key(), channel));
    return directory;
  }

  static ChannelKey key(String app, String name) {
    return new ChannelKey(new AppId(app), new ChannelName(name));
  }

  AtomicReference<Outcome<Published>> publish(ChannelKey key, String data) {
    return publish(key, data, null);
  }

  /// Begins a publish; the reference is filled when it is answered.
  AtomicReference<Outcome<Published>> publish(
      ChannelKey key, String data, @Nullable String idempotencyKey) {
    byte[] bytes = data.getBytes(StandardCharsets.UTF_8);
    IdempotencyKey idempotency =
        idempotencyKey == null ? null : IdempotencyKey.of("", idempotencyKey, "e", "c", bytes);
    return publish(new PublishRequest(key, "e", "c", bytes, idempotency));
  }

  AtomicReference<Outcome<Published>> publish(PublishRequest request) {
    AtomicReference<Outcome<Published>> answer = new AtomicReference<>();
    engine.relay().publish(request).thenAccept(answer::set);
    return answer;
  }

  Outcome<Published> publishAndSettle(ChannelKey key, String data) {
    AtomicReference<Outcome<Published>> answer = publish(key, data);
    settle();
    return Objects.requireNonNull(answer.get(), "not answered");
  }

  AtomicReference<Outcome<Listed>> declare(ChannelKey key) {
    AtomicReference<Outcome<Listed>> answer = new AtomicReference<>();
    engine.channels().declare(declared(key)).thenAccept(answer::set);
    settle();
    return answer;
  }

  static DeclaredChannel declared(ChannelKey key) {
    return declared("id", key, "title");
  }

  static DeclaredChannel declared(String id, ChannelKey key, String title) {
    return new DeclaredChannel(id, key, title, null, false, null, 0, 0);
  }

  RecordingSubscriber subscriber(int shard) {
    return new RecordingSubscriber(engine.shards().get(shard));
  }

  void subscribe(RecordingSubscriber subscriber, ChannelKey key, Start start) {
    inLoop(subscriber, subscriptions -> subscriptions.subscribe(key, start, null));
    settle();
  }

  void inLoop(
      RecordingSubscriber subscriber, java.util.function.Consumer<SessionSubscriptions> action) {
    loops.get(subscriber.shard().index()).run(() -> action.accept(subscriber.subscriptions()));
  }

  void advance(Duration time) {
    clock.advance(time.toMillis());
    rosters.sweep();
    loops.forEach(SimulatedLoop::wake);
    settle();
  }

  /// Lets time pass in which the store does nothing.
  void pass(Duration time) {
    clock.advance(time.toMillis());
    loops.forEach(SimulatedLoop::wake);
    runLoops();
  }

  /// Lets the loops come to rest; the store does nothing meanwhile.
  void runLoops() {
    for (SimulatedLoop loop : loops) {
      while (loop.isBusy()) {
        loop.runOne();
      }
    }
  }

  /// Lets everything come to rest.
  void settle() {
    boolean busy = true;
    while (busy) {
      busy = store.isBusy();
      if (busy) {
        store.step();
      }
      for (SimulatedLoop loop : loops) {
        while (loop.isBusy()) {
          loop.runOne();
          busy = true;
        }
      }
    }
  }
}
