package dev.pushgate.gateway.relay.redis;

import dev.pushgate.core.cluster.LocalOccupancy;
import dev.pushgate.core.cluster.NodeInfo;
import dev.pushgate.core.cluster.Notice;
import dev.pushgate.core.cluster.Notices;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.ChannelName;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// The control plane of one node, with what it was told.
final class ControlNode implements AutoCloseable {
  static final Duration LEASE = Duration.ofSeconds(3);
  static final Duration GRACE = Duration.ofSeconds(2);

  final CountingObserver observer = new CountingObserver();
  final LocalOccupancy local = new LocalOccupancy();
  final List<Notice> told = new CopyOnWriteArrayList<>();
  /// By how much its clock is ahead.
  final AtomicLong aheadNanos = new AtomicLong();

  final AtomicInteger missed = new AtomicInteger();

  /// How often its Redis said that they have lost their data.
  final AtomicInteger lost = new AtomicInteger();

  /// Whether it cannot say, next time it is to, how many sessions it has.
  final AtomicBoolean broken = new AtomicBoolean();

  final RelayShards shards;
  final ControlPlane plane;
  private boolean open = true;

  ControlNode(String id, RelayConfig config) {
    this(id, config, LEASE);
  }

  private ControlNode(String id, RelayConfig config, Duration lease) {
    shards = new RelayShards(config, observer);
    plane =
        new ControlPlane(
            shards,
            new ControlPlane.Self(id, "1.0", 42, this::sessions, lease, GRACE),
            local,
            new ControlPlane.Sources(
                new SecureRandom(), () -> System.nanoTime() + aheadNanos.get()));
    plane.whenLost(_ -> lost.incrementAndGet());
    plane
        .notices()
        .start(
            new Notices.Listener() {
              @Override
              public void accept(Notice notice) {
                told.add(notice);
              }

              @Override
              public void missedSome() {
                missed.incrementAndGet();
              }
            });
  }

  private int sessions() {
    if (broken.compareAndSet(true, false)) {
      throw new AssertionError("the test says so");
    }
    return 7;
  }

  /// Starts it; gives the name of a Redis that it does not fit.
  Optional<String> start() {
    shards.start();
    return plane
        .start(Duration.ofSeconds(10))
        .toCompletableFuture()
        .orTimeout(20, TimeUnit.SECONDS)
        .join();
  }

  static ControlNode started(String id, RelayConfig config) {
    return started(id, config, LEASE);
  }

  static ControlNode started(String id, RelayConfig config, Duration lease) {
    ControlNode node = new ControlNode(id, config, lease);
    if (node.start().isPresent()) {
      throw new IllegalStateException("it does not fit");
    }
    return node;
  }

  List<String> nodes() {
    return plane.nodes().all().stream().map(NodeInfo::id).toList();
  }

  /// How long ago its last canary came back through the first Redis.
  long canaryAgeMs() {
    return plane.canaryAgesMs().values().iterator().next();
  }

  int inCluster(String channel) {
    return plane.occupancy().inCluster(key(channel));
  }

  void subscribers(String channel, int count) {
    local.set(key(channel), count);
  }

  static ChannelKey key(String channel) {
    return new ChannelKey(new AppId("a"), new ChannelName(channel));
  }

  /// Ends as a process does that is killed.
  void die() {
    open = false;
    shards.close();
  }

  @Override
  public void close() {
    if (open) {
      plane.close();
      shards.close();
    }
  }
}
