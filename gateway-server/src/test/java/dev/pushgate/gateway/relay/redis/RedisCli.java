package dev.pushgate.gateway.relay.redis;

import dev.pushgate.gateway.testing.TestRedis;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;

/// A test's own hand on Redis. Not thread-safe.
final class RedisCli implements AutoCloseable {
  private final RedisClient client;
  final RedisCommands<String, String> redis;

  RedisCli(String url) {
    this.client = RedisClient.create(url);
    this.redis = client.connect().sync();
  }

  static RedisCli shared() {
    return new RedisCli(TestRedis.url());
  }

  @Override
  public void close() {
    client.shutdown();
  }
}
