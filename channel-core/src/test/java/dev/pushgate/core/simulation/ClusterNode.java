package dev.pushgate.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.channel.ChannelDirectory;
import dev.pushgate.core.channel.HomeLimits;
import dev.pushgate.core.channel.PrivateNames;
import dev.pushgate.core.cluster.AloneNotices;
import dev.pushgate.core.cluster.LocalOccupancy;
import dev.pushgate.core.engine.ClusterChannels;
import dev.pushgate.core.engine.Engine;
import dev.pushgate.core.memory.MemoryBudget;
import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.core.shard.Shard;
import dev.pushgate.core.shard.ShardLoad;
import dev.pushgate.core.shard.ShardLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/// An engine on one or two simulated loops that follows a relay.
final class ClusterNode {
  private static final HomeLimits LIMITS =
      new HomeLimits(
          new HomeLimits.Log(
              100, 100_000, Duration.ofHours(1), Duration.ofSeconds(5), 1_000_000, 3),
          new HomeLimits.Idempotency(Duration.ofSeconds(60)),
          new HomeLimits.Waiting(20, 2_000, 8, 2_000, Duration.ofSeconds(5)),
          new HomeLimits.Turn(4, 1_000));

  /// For who declares nothing.
  static final ClusterChannels.Ports NO_CHANNELS =
      new ClusterChannels.Ports(
          new AloneNotices(),
          _ -> true,
          _ -> CompletableFuture.completedStage(null),
          _ -> CompletableFuture.completedStage(null),
          _ -> {});

  private final SimulatedObserver observer = new SimulatedObserver();
  private final CountingAllocator allocator = new CountingAllocator();
  private final List<SimulatedLoop> loops = new ArrayList<>();
  private final RelayLink link;
  private final Engine engine;
  private final MemoryBudget memory;

  ClusterNode(SplittableRandom random, SimulatedClock clock, RelayLink link) {
    this.link = link;
    for (int i = 0; i <= random.nextInt(2); i++) {
      loops.add(new SimulatedLoop(clock));
    }
    SimulatedStore unused = new SimulatedStore(random.split(), clock, 0);
    this.memory =
        Budgets.with(
            MemoryKind.CHANNELS,
            random.nextBoolean() ? Long.MAX_VALUE : 4_000 + random.nextInt(16_000));
    this.engine =
        new Engine(
            List.<ShardLoop>copyOf(loops),
            LIMITS,
            new Engine.Stores(unused, new NoCatalog()),
            ChannelDirectory.of(List.of(), new PrivateNames(Duration.ofDays(1), System::nanoTime)),
            new Engine.Cluster(link, NO_CHANNELS),
            new BreakableRosters(clock),
            new Engine.Sources(
                clock,
                clock::steadyMs,
                random.split(),
                observer,
                allocator,
                new LocalOccupancy(),
                memory));
    engine.start();
  }

  Engine engine() {
    return engine;
  }

  RelayLink link() {
    return link;
  }

  SimulatedObserver observer() {
    return observer;
  }

  Shard anyShard(SplittableRandom random) {
    return engine.shards().get(random.nextInt(loops.size()));
  }

  /// Does what a session does on its loop.
  void inLoop(Shard shard, Runnable action) {
    loops.get(shard.index()).run(action);
  }

  void wake() {
    loops.forEach(SimulatedLoop::wake);
  }

  boolean isBusy() {
    return link.isBusy() || loops.stream().anyMatch(SimulatedLoop::isBusy);
  }

  void stepRelay() {
    if (link.isBusy()) {
      link.step();
    }
  }

  void stepLoop(SplittableRandom random) {
    SimulatedLoop loop = loops.get(random.nextInt(loops.size()));
    if (loop.isBusy()) {
      loop.runOne();
    }
  }

  /// When nobody is left, homes are forgotten and nothing is followed.
  void checkNothingIsLeft() {
    observer.rethrow();
    assertThat(allocator.leaked()).as("buffers that nobody released").isZero();
    engine
        .shards()
        .forEach(
            shard -> {
              ShardLoad load = shard.load();
              assertThat(load.subscriptions()).as("subscriptions").isZero();
              assertThat(load.homes()).as("homes").isZero();
              assertThat(load.logBytes()).as("bytes in recent logs").isZero();
              assertThat(load.waitingBytes()).as("bytes of arrivals that wait").isZero();
            });
    assertThat(link.isFollowing()).as("followed channels").isFalse();
    Budgets.checkNothingIsHeld(memory);
  }
}
