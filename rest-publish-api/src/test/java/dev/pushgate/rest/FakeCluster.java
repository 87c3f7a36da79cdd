package dev.pushgate.rest;

import dev.pushgate.core.cluster.NodeInfo;
import dev.pushgate.core.cluster.Nodes;
import dev.pushgate.core.cluster.Notice;
import dev.pushgate.core.cluster.Notices;
import dev.pushgate.core.cluster.Occupancy;
import dev.pushgate.core.engine.Positions;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// A cluster of two nodes of which nothing is there but what the API sees.
final class FakeCluster implements Occupancy, Nodes, Notices, Positions {
  final Map<ChannelKey, Integer> here = new HashMap<>();
  final Map<ChannelKey, Integer> elsewhere = new HashMap<>();
  final Map<ChannelKey, StreamPosition> newest = new HashMap<>();
  final List<Notice> told = new ArrayList<>();
  @Nullable RuntimeException positionsFail;

  @Override
  public int onNode(ChannelKey key) {
    return here.getOrDefault(key, 0);
  }

  @Override
  public int inCluster(ChannelKey key) {
    return onNode(key) + elsewhere.getOrDefault(key, 0);
  }

  @Override
  public SortedMap<String, Integer> occupied(AppId app, String prefix, int limit) {
    SortedMap<String, Integer> all = new TreeMap<>();
    elsewhere.keySet().forEach(key -> all.put(key.name().value(), inCluster(key)));
    here.keySet().forEach(key -> all.put(key.name().value(), inCluster(key)));
    SortedMap<String, Integer> some = new TreeMap<>();
    all.forEach(
        (name, count) -> {
          if (name.startsWith(prefix) && some.size() < limit) {
            some.put(name, count);
          }
        });
    return some;
  }

  @Override
  public String self() {
    return "node1";
  }

  @Override
  public List<NodeInfo> all() {
    return List.of(
        new NodeInfo("node1", "1.0", Api.NOW.toEpochMilli(), 5, 120),
        new NodeInfo("node2", "1.1", Api.NOW.toEpochMilli() + 1, 7, 80));
  }

  @Override
  public void tell(Notice notice) {
    told.add(notice);
  }

  @Override
  public void start(Listener listener) {}

  @Override
  public CompletionStage<Optional<StreamPosition>> newest(ChannelKey key) {
    return positionsFail == null
        ? CompletableFuture.completedStage(Optional.ofNullable(newest.get(key)))
        : CompletableFuture.failedStage(positionsFail);
  }
}
