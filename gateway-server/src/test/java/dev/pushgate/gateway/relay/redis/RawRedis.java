package dev.pushgate.gateway.relay.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.util.function.Function;

/// Looks into a Redis past everything that is tested. Stateless.
final class RawRedis {
  private RawRedis() {}

  /// One for all tests: to make and to end one takes its time. It ends with the JVM.
  private static final class Shared {
    static final RedisClient CLIENT = RedisClient.create();
  }

  /// To be closed by whoever asks for it.
  static <V> StatefulRedisConnection<String, V> connect(RelayUrl url, RedisCodec<String, V> codec) {
    return Shared.CLIENT.connect(codec, url.forLettuce());
  }

  static boolean exists(ControlNode node, String key) {
    return ask(node.shards.all().getFirst().url(), redis -> redis.exists(key)) == 1;
  }

  static <T> T ask(RelayUrl url, Function<RedisCommands<String, String>, T> question) {
    try (StatefulRedisConnection<String, String> connection = connect(url, StringCodec.UTF8)) {
      return question.apply(connection.sync());
    }
  }
}
