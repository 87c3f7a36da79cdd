package dev.pushgate.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.channel.ChannelDirectory;
import dev.pushgate.core.channel.HomeLimits;
import dev.pushgate.core.channel.PrivateNames;
import dev.pushgate.core.cluster.LocalOccupancy;
import dev.pushgate.core.engine.Engine;
import dev.pushgate.core.memory.MemoryBudget;
import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.core.memory.MemoryParts;
import dev.pushgate.core.shard.Shard;
import dev.pushgate.core.shard.ShardLoad;
import dev.pushgate.core.shard.ShardLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// An engine on one to three simulated loops, with its clock and its store: they move when they are
/// told to.
final class SimulatedNode {
  private static final Duration LOG_AGE = Duration.ofSeconds(20);

  final SimulatedClock clock = new SimulatedClock();
  final SimulatedObserver observer = new SimulatedObserver();
  final SimulatedStore store;
  final HomeLimits limits;
  private final SplittableRandom random;
  private final CountingAllocator allocator = new CountingAllocator();
  private List<SimulatedLoop> loops = List.of();
  private Engine engine;
  private MemoryBudget memory = MemoryBudget.unlimited();

  SimulatedNode(SplittableRandom random) {
    this.random = random;
    this.store = new SimulatedStore(random.split(), clock, random.nextInt(4) * 10);
    this.limits =
        new HomeLimits(
            new HomeLimits.Log(3 + random.nextInt(20), 20_000, LOG_AGE, LOG_AGE, 30_000, 3),
            new HomeLimits.Idempotency(Duration.ofSeconds(60)),
            new HomeLimits.Waiting(
                20,
                20_000,
                8 + random.nextInt(20),
                400 + random.nextInt(4_000),
                Duration.ofSeconds(1 + random.nextInt(5))),
            new HomeLimits.Turn(1 + random.nextInt(8), 5_000));
    this.engine = start();
  }

  private Engine start() {
    int shards = 1 + random.nextInt(3);
    List<SimulatedLoop> made = new ArrayList<>();
    for (int i = 0; i < shards; i++) {
      made.add(new SimulatedLoop(clock));
    }
    loops = made;
    memory =
        Budgets.with(
            Map.of(
                MemoryKind.CHANNELS,
                random.nextBoolean() ? Long.MAX_VALUE : 4_000 + random.nextInt(16_000),
                MemoryKind.IDEMPOTENCY,
                100_000L),
            new MemoryParts(100, random.nextBoolean() ? 100 : 75, 100));
    Engine started =
        new Engine(
            List.<ShardLoop>copyOf(made),
            limits,
            new Engine.Stores(store, new NoCatalog()),
            ChannelDirectory.of(
                store.streams().declared(), new PrivateNames(Duration.ofDays(1), System::nanoTime)),
            null,
            new BreakableRosters(clock),
            new Engine.Sources(
                clock,
                clock::steadyMs,
                random.split(),
                observer,
                allocator,
                new LocalOccupancy(),
                memory));
    started.start();
    return started;
  }

  Engine engine() {
    return engine;
  }

  Shard anyShard() {
    return engine.shards().get(random.nextInt(engine.shards().count()));
  }

  /// Does what a session does on its loop.
  void inLoop(Shard shard, Runnable action) {
    loops.get(shard.index()).run(action);
  }

  /// The process is killed and started again: memory is gone, the store is not.
  void crash() {
    store.loseAsker();
    engine = start();
  }

  void advance(long ms) {
    clock.advance(ms);
    loops.forEach(SimulatedLoop::wake);
  }

  void stepStore() {
    if (store.isBusy()) {
      store.step();
    }
  }

  void stepLoop() {
    SimulatedLoop loop = loops.get(random.nextInt(loops.size()));
    if (loop.isBusy()) {
      loop.runOne();
    }
  }

  /// Lets run what can run without time passing.
  void comeToRest() {
    while (store.isBusy() || loops.stream().anyMatch(SimulatedLoop::isBusy)) {
      if (random.nextBoolean()) {
        stepStore();
      } else {
        stepLoop();
      }
    }
  }

  /// Lets everything that was begun come to its end.
  void settle() {
    for (int round = 0; round < 20; round++) {
      advance(1_000);
      comeToRest();
    }
  }

  /// When nobody is left, everything that is kept for a time is gone after that time.
  void checkNothingIsLeft() {
    settle();
    advance(Math.max(LOG_AGE.toMillis() * 2, limits.idempotency().ttl().toMillis()));
    settle();
    assertThat(allocator.leaked()).as("buffers that nobody released").isZero();
    engine.shards().forEach(SimulatedNode::checkNothingIsLeft);
    Budgets.checkNothingIsHeld(memory);
  }

  private static void checkNothingIsLeft(Shard shard) {
    ShardLoad load = shard.load();
    assertThat(load.subscriptions()).as("subscriptions").isZero();
    assertThat(load.channels()).as("channels with subscribers").isZero();
    assertThat(load.homes()).as("homes").isZero();
    assertThat(load.logBytes()).as("bytes in recent logs").isZero();
    assertThat(load.idempotencyBytes()).as("bytes of answers").isZero();
    assertThat(load.waitingBytes()).as("bytes of publishes that wait").isZero();
    assertThat(shard.backlog()).isZero();
  }
}
