package dev.pushgate.gateway.relay.redis;

import static org.awaitility.Awaitility.await;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.gateway.testing.RedisProcess;
import dev.pushgate.gateway.testing.TcpProxy;
import org.junit.jupiter.api.AfterEach;

/// Two nodes on a Redis that may be broken: `a` reaches it through a proxy, `b` straight.
abstract class ProxiedScene {
  static final ChannelKey NEWS = TestNode.channel("news");

  final RedisProcess redis = RedisProcess.start();
  final TcpProxy proxy = new TcpProxy(redis.port());
  final TestNode a = TestNode.connected(TestConfig.of("t", "redis://127.0.0.1:" + proxy.port()));
  final TestNode b = TestNode.connected(TestConfig.of("t", redis.url()));

  @AfterEach
  final void close() {
    a.close();
    b.close();
    proxy.close();
    redis.close();
  }

  /// Node `a` has lost Redis, until the proxy passes on again.
  void unreachable() {
    proxy.mode(TcpProxy.Mode.REFUSE);
    proxy.cut();
    await().until(() -> !a.shards.all().getFirst().isUp());
  }
}
