package dev.pushgate.gateway.relay.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.gateway.testing.TestRedis;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HeadCheckIT {
  private static final ChannelKey NEWS = TestNode.channel("news");

  private final RelayConfig config =
      TestConfig.withHeadCheck(
          TestConfig.of(TestRedis.freshPrefix(), TestRedis.url()), Duration.ofMillis(300));

  @Test
  void aLastMessageThatPubSubLostIsFoundInItsTime() {
    try (TestNode here = TestNode.connected(config);
        TestNode there = TestNode.connected(config)) {
      here.follow(NEWS);
      there.publish(NEWS, "1");
      await().until(() -> here.listener.arrivals.size() == 1);
      here.listener.doubtful.clear(); // a check may have come before the arrival

      here.shards.of(NEWS).unlisten(new RelayKeys(config.prefix()).channel(NEWS));
      there.publish(NEWS, "2");

      await().until(() -> here.listener.doubtful.contains(NEWS));
      assertThat(here.listener.data()).containsExactly("1");
    }
  }
}
