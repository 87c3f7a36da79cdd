package dev.pushgate.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.channel.ChannelDirectory;
import dev.pushgate.core.channel.PrivateNames;
import dev.pushgate.core.cluster.Notice;
import dev.pushgate.core.cluster.Notices;
import dev.pushgate.core.engine.ClusterChannels;
import dev.pushgate.core.engine.Engine;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.store.DeclaredChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Two nodes that share declared channels, and what they do about them at the relay.
final class ChannelNodes {
  private static final Duration A_WHILE = Duration.ofSeconds(1);

  private final SimulatedClock clock = new SimulatedClock();
  final SharedChannelRows store = new SharedChannelRows();
  final SimulatedObserver observer = new SimulatedObserver();
  private final List<SimulatedLoop> loops = new ArrayList<>();
  private final List<ClusterChannels> nodes = new ArrayList<>();
  final List<ChannelKey> ended = new ArrayList<>();
  final List<ChannelKey> lookedAfter = new ArrayList<>();
  final ChannelKey room = EngineRig.key("a", "room");
  final List<String> noted = new ArrayList<>();
  CompletableFuture<Void> note = CompletableFuture.completedFuture(null);
  boolean isReachable = true;
  boolean isTold = true;
  final ClusterChannels one = node();
  final ClusterChannels two = node();

  private ClusterChannels node() {
    SimulatedLoop loop = new SimulatedLoop(clock);
    loops.add(loop);
    ClusterChannels.Ports ports =
        new ClusterChannels.Ports(
            new ToldAtOnce(),
            key -> isReachable,
            channel -> {
              noted.add(channel.id());
              return note;
            },
            key -> {
              ended.add(key);
              return CompletableFuture.failedStage(new IllegalStateException("in vain"));
            },
            lookedAfter::add);
    Engine engine =
        new Engine(
            List.of(loop),
            EngineRig.LIMITS,
            new Engine.Stores(store, store),
            ChannelDirectory.of(List.of(), new PrivateNames(Duration.ofDays(1), System::nanoTime)),
            new Engine.Cluster(new ScriptedRelay(), ports),
            new BreakableRosters(clock),
            new Engine.Sources(
                clock, new SplittableRandom(loops.size()), observer, new CountingAllocator()));
    ClusterChannels channels = engine.clusterChannels().orElseThrow();
    nodes.add(channels);
    return channels;
  }

  private final class ToldAtOnce implements Notices {
    @Override
    public void tell(Notice notice) {
      if (isTold) {
        nodes.forEach(node -> node.changed(((Notice.ChannelChanged) notice).key()));
      }
    }

    @Override
    public void start(Listener listener) {
      throw new UnsupportedOperationException();
    }
  }

  DeclaredChannel channel(String id, boolean isPrivate, long updatedAtMs) {
    return channel(id, room, isPrivate, updatedAtMs);
  }

  DeclaredChannel channel(String id, ChannelKey key, boolean isPrivate, long updatedAtMs) {
    return new DeclaredChannel(id, key, "title", null, isPrivate, null, 0, updatedAtMs);
  }

  static <T> T done(CompletionStage<T> stage) {
    assertThat(stage.toCompletableFuture()).isCompleted();
    return stage.toCompletableFuture().join();
  }

  static Refusal refusal(CompletionStage<? extends Outcome<?>> stage) {
    return ((Outcome.Refused<?>) done(stage)).refusal();
  }

  void advance() {
    clock.advance(A_WHILE.toMillis());
    run();
  }

  void run() {
    for (SimulatedLoop loop : loops) {
      loop.wake();
      while (loop.isBusy()) {
        loop.runOne();
      }
    }
  }
}
