package dev.pushgate.gateway.app;

import dev.pushgate.auth.KeyDirectory;
import dev.pushgate.core.cluster.AloneNodes;
import dev.pushgate.core.cluster.AloneNotices;
import dev.pushgate.core.cluster.Notices;
import dev.pushgate.gateway.session.NoticeDesk;
import dev.pushgate.rest.RestApi;
import java.security.SecureRandom;
import java.time.Clock;

/// The fifth stage: the node knows of itself and of others, and hears what they tell. Immutable.
record ClusterStage(RestApi.Cluster ports) {

  /// Another at each start, and not to be guessed: connections are called after it.
  static String newNodeId() {
    return Long.toUnsignedString(new SecureRandom().nextLong(), Character.MAX_RADIX);
  }

  /// Of a node that stands alone.
  static ClusterStage alone(
      String nodeId, AuthStage auth, EngineStage engine, SessionStage sessions, Clock clock) {
    Notices notices = new AloneNotices();
    Runnable readKeys = () -> refresh(auth.directory());
    notices.start(
        new NoticeDesk(
            sessions.sessions(),
            readKeys,
            _ -> {}, // nobody else declares channels
            readKeys,
            System::nanoTime));
    return new ClusterStage(
        new RestApi.Cluster(
            engine.engine().occupancy(),
            new AloneNodes(nodeId, version(), clock.millis(), sessions::connections),
            notices,
            engine.engine().positions()));
  }

  private static void refresh(KeyDirectory directory) {
    var _ = directory.refresh();
  }

  /// The version that the build wrote into the jar.
  private static String version() {
    String version = ClusterStage.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }
}
