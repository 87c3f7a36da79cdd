package dev.pushgate.gateway.relay.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.function.Function;

/// Looks into a Redis past everything that is tested. Stateless.
final class RawRedis {
  private RawRedis() {}

  static boolean exists(ControlNode node, String key) {
    return ask(node.shards.all().getFirst().url(), redis -> redis.exists(key)) == 1;
  }

  static <T> T ask(RelayUrl url, Function<RedisCommands<String, String>, T> question) {
    RedisClient client = RedisClient.create(url.forLettuce());
    try (StatefulRedisConnection<String, String> connection = client.connect()) {
      return question.apply(connection.sync());
    } finally {
      client.shutdown();
    }
  }
}
