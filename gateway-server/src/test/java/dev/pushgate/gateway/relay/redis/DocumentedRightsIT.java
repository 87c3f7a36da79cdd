package dev.pushgate.gateway.relay.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.gateway.testing.RedisProcess;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A user of Redis with the rights that docs/operate.md lists, and no others.
@Timeout(120)
class DocumentedRightsIT {
  private static final ChannelKey NEWS = TestNode.channel("news");

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final DocumentedRights documented = DocumentedRights.read();

  @Test
  void withThemMessagesComeAndNodesMeet() {
    try (RedisProcess redis = RedisProcess.start()) {
      redis.run(documented.command());
      RelayConfig config =
          TestConfig.patient(
              TestConfig.of("pushgate", "redis://pushgate:PASSWORD@127.0.0.1:" + redis.port()));
      try (TestNode node = TestNode.connected(config);
          ControlNode other = ControlNode.started("other", config)) {
        node.follow(NEWS);
        node.publish(NEWS, "1");
        await().atMost(PATIENCE).until(() -> node.listener.data().contains("1"));
        await().atMost(PATIENCE).until(() -> other.plane.standings().getFirst().hasCome());
        assertThat(node.shards.all().getFirst().trouble()).isNull();
      }
    }
  }

  /// Those that scripts call, [RightsTest] compares.
  @Test
  void withoutOneOfThoseThatConnectionsNeedItIsSaidWhich() {
    for (String command : RightsTest.OF_CONNECTIONS) {
      try (RedisProcess redis = RedisProcess.start()) {
        redis.run(documented.command());
        redis.run("ACL SETUSER pushgate -" + command);
        RelayConfig config =
            TestConfig.of("pushgate", "redis://pushgate:PASSWORD@127.0.0.1:" + redis.port());
        try (TestNode node = new TestNode(config)) {
          await()
              .atMost(PATIENCE)
              .untilAsserted(
                  () -> {
                    Trouble trouble = node.shards.all().getFirst().trouble();
                    assertThat(trouble == null ? "" : trouble.words())
                        .as("without " + command)
                        .startsWith("NOPERM ")
                        .contains("'" + command + "'");
                  });
          // What is closed while it is dialled may leave a buffer of the library behind.
          redis.run("ACL SETUSER pushgate +" + command);
          RelayShard shard = node.shards.all().getFirst();
          await().atMost(PATIENCE).until(() -> shard.isUp() && shard.isListening());
        }
      }
    }
  }
}
