package dev.pushgate.gateway.relay.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.publication.Published;
import dev.pushgate.gateway.testing.FreePort;
import dev.pushgate.gateway.testing.RedisProcess;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.sentinel.api.StatefulRedisSentinelConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Each form of a URL, over a server that asks for what it names.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class RelayUrlIT {
  private static final ChannelKey NEWS = TestNode.channel("news");
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path directory;

  @Test
  void aPasswordAndADatabase() {
    try (RedisProcess redis = RedisProcess.start("--requirepass", "p@ss:w/rd")) {
      String url = "redis://:p%40ss%3Aw%2Frd@127.0.0.1:" + redis.port();
      assertCarries(url + "/3");
      String meta = new RelayKeys("t").meta(NEWS);
      assertThat(exists(url + "/3", meta)).isTrue();
      assertThat(exists(url, meta)).isFalse();

      assertNeverUp("redis://:other@127.0.0.1:" + redis.port());
      assertNeverUp(redis.url());
    }
  }

  @Test
  void aUserOfAnAccessList() {
    String[] options = {
      "--user", "default", "off", "--user", "ann", "on", ">secret", "~t:*", "&t:*", "+@all"
    };
    try (RedisProcess redis = RedisProcess.start(options)) {
      assertCarries("redis://ann:secret@127.0.0.1:" + redis.port());
      assertNeverUp("redis://:secret@127.0.0.1:" + redis.port());
    }
  }

  @Test
  void tlsWithACertificateThatTheJvmTrusts() throws Exception {
    assumeThat(RedisProcess.knowsTls()).as("redis-server was built with TLS").isTrue();
    TestCertificate certificate = TestCertificate.make(directory);
    int port = FreePort.any();
    String[] options = {
      "--tls-port", Integer.toString(port),
      "--tls-cert-file", certificate.certificate().toString(),
      "--tls-key-file", certificate.key().toString(),
      "--tls-auth-clients", "no"
    };
    String url = "rediss://127.0.0.1:" + port;
    try (RedisProcess redis = RedisProcess.start(options)) {
      assertNeverUp(url);
      certificate.trusted(() -> assertCarries(url));
      assertCarries(redis.url());
    }
  }

  @Test
  void aSentinelLeadsToTheNextMasterWhereTheSameEpochGoesOn() {
    try (RedisProcess master = RedisProcess.start("--repl-diskless-sync-delay", "0");
        RedisProcess replica =
            RedisProcess.start("--replicaof", "127.0.0.1", Integer.toString(master.port()));
        RedisProcess sentinel = RedisProcess.sentinel("main", master.port())) {
      await().atMost(LONG).until(() -> knowsReplica(sentinel));
      String url = "redis-sentinel://127.0.0.1:" + sentinel.port() + "#main";
      try (TestNode node = TestNode.connected(TestConfig.of("t", url))) {
        node.follow(NEWS);
        for (int i = 1; i <= 5; i++) {
          node.publish(NEWS, "" + i);
        }
        Published last = node.publish(NEWS, "6");
        await().atMost(LONG).until(() -> replicated(master, replica));
        int confirmed = node.confirmations(NEWS);

        master.kill();

        await().atMost(LONG).until(() -> node.confirmations(NEWS) > confirmed);
        Outcome<Published> next =
            await()
                .atMost(LONG)
                .until(() -> node.publish(NEWS, "7", null), Outcome.Done.class::isInstance);
        assertThat(next)
            .isInstanceOfSatisfying(
                Outcome.Done.class,
                done -> {
                  StreamPosition position = ((Published) done.value()).position();
                  assertThat(position.epoch()).isEqualTo(last.position().epoch());
                  assertThat(position.offset()).isGreaterThan(last.position().offset());
                });
        await().until(() -> node.listener.data().contains("7"));
        assertThat(node.observer.epochs).hasValue(0);
      }
    }
  }

  private static boolean knowsReplica(RedisProcess sentinel) {
    RedisClient client = RedisClient.create(RedisURI.create("127.0.0.1", sentinel.port()));
    try (StatefulRedisSentinelConnection<String, String> asked = client.connectSentinel()) {
      return !asked.sync().slaves("main").isEmpty();
    } finally {
      client.shutdown();
    }
  }

  /// Whether the replica has everything.
  private static boolean replicated(RedisProcess master, RedisProcess replica) {
    String meta = new RelayKeys("t").meta(NEWS);
    return RawRedis.ask(RelayUrl.parse(replica.url()), redis -> redis.hgetall(meta))
        .equals(RawRedis.ask(RelayUrl.parse(master.url()), redis -> redis.hgetall(meta)));
  }

  private static boolean exists(String url, String key) {
    return RawRedis.ask(RelayUrl.parse(url), redis -> redis.exists(key)) == 1;
  }

  private static void assertCarries(String url) {
    try (TestNode node = TestNode.connected(TestConfig.of("t", url))) {
      node.follow(NEWS);
      node.publish(NEWS, "1");
      await().until(() -> node.listener.data().equals(List.of("1")));
    }
  }

  private static void assertNeverUp(String url) {
    try (TestNode node = new TestNode(TestConfig.of("t", url))) {
      await().atMost(LONG).until(() -> node.observer.dials.get() >= 6);
      assertThat(node.shards.all().getFirst().isUp()).isFalse();
      assertThat(node.listener.confirmed).isEmpty();
    }
  }
}
