package dev.pushgate.gateway.relay.redis;

import dev.pushgate.gateway.testing.TestRedis;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;

/// A test's own hand on Redis. Not thread-safe.
final class RedisCli implements AutoCloseable {
  private final StatefulRedisConnection<String, String> connection;
  final RedisCommands<String, String> redis;

  RedisCli(String url) {
    this.connection = RawRedis.connect(RelayUrl.parse(url), StringCodec.UTF8);
    this.redis = connection.sync();
  }

  static RedisCli shared() {
    return new RedisCli(TestRedis.url());
  }

  @Override
  public void close() {
    connection.close();
  }
}
