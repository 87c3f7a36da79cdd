package dev.pushgate.gateway.endtoend;

import dev.pushgate.gateway.app.Gateway;
import dev.pushgate.gateway.testing.RedisProcess;
import dev.pushgate.gateway.testing.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/// Nodes on one Redis and one database, which it ends; those it does not end itself. Thread-safe.
final class Cluster implements AutoCloseable {
  private final TestDatabase database;
  private final Map<String, String> settings;
  private final List<AutoCloseable> started = new CopyOnWriteArrayList<>();

  /// @param more settings of every node: names and values, one behind the other
  Cluster(RedisProcess redis, TestDatabase database, String... more) {
    this.database = database;
    this.settings = settings(redis.url(), more);
  }

  private static Map<String, String> settings(String redis, String... more) {
    Map<String, String> settings = Node.environment(more);
    settings.putIfAbsent("PUSHGATE_RELAY_URLS", redis);
    settings.putIfAbsent("PUSHGATE_CLUSTER_SECRET", "a secret of the tests' clusters");
    return settings;
  }

  /// What a node of this cluster is started with.
  ///
  /// @param more settings of this node alone, which may name another way to Redis
  Map<String, String> environment(String... more) {
    Map<String, String> environment = Node.environmentOn(database);
    environment.putAll(settings);
    for (int i = 0; i < more.length; i += 2) {
      environment.put(more[i], more[i + 1]);
    }
    return environment;
  }

  /// A node that can be killed.
  NodeProcess startProcess(String... more) {
    NodeProcess node = NodeProcess.start(environment(more));
    started.add(node);
    return node;
  }

  /// This one, or another when it was ended or there was none.
  NodeProcess alive(@Nullable NodeProcess node) {
    return node != null && node.isAlive() ? node : startProcess();
  }

  /// Several of them, at the same time, on whatever the database holds.
  List<NodeProcess> startProcesses(int count) {
    List<NodeProcess> nodes =
        Stream.generate(() -> NodeProcess.launch(environment())).limit(count).toList();
    started.addAll(nodes);
    nodes.forEach(NodeProcess::awaitServing);
    return nodes;
  }

  NodeInProcess startInProcess(String... more) {
    return startInProcess(new Gateway(), more);
  }

  NodeInProcess startInProcess(Gateway gateway, String... more) {
    NodeInProcess node = NodeInProcess.start(environment(more), gateway);
    started.add(node);
    return node;
  }

  /// Waits until each of these nodes sees this many.
  static void awaitNodes(int count, Node... nodes) {
    for (Node node : nodes) {
      Awaitility.await()
          .until(
              () ->
                  node.rest(Node.MANAGEMENT_KEY).get("/api/v1/nodes").list("data", "items").size()
                      == count);
    }
  }

  @Override
  public void close() throws Exception {
    List<AutoCloseable> rest = new ArrayList<>(started);
    for (AutoCloseable node : rest.reversed()) {
      node.close();
    }
  }
}
