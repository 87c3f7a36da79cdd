package dev.pushgate.gateway.relay.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.gateway.testing.LogLines;
import dev.pushgate.gateway.testing.RedisProcess;
import dev.pushgate.gateway.testing.TcpProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A Redis that answers and refuses: whoever runs the node hears why in Redis's own words, once for
/// each outage, however often it is tried again.
@Timeout(120)
class RelayRefusalFaultIT {
  private static final ChannelKey NEWS = TestNode.channel("news");
  private static final int LINES_MAX = 5;
  private static final int AGAIN = 8;

  @TempDir Path directory;

  enum Refusal {
    NO_MEMORY("OOM ", "CONFIG SET maxmemory 1", "CONFIG SET maxmemory 0"),
    A_REPLICA("READONLY ", "REPLICAOF 127.0.0.1 1", "REPLICAOF NO ONE"),
    TOO_FEW_REPLICAS(
        "NOREPLICAS ", "CONFIG SET min-replicas-to-write 1", "CONFIG SET min-replicas-to-write 0"),
    NO_RIGHT_TO_WRITE("NOPERM ", "ACL SETUSER ann -set", "ACL SETUSER ann +set"),
    NO_RIGHT_TO_SCRIPTS("NOPERM ", "ACL SETUSER ann -evalsha", "ACL SETUSER ann +evalsha"),
    NO_RIGHT_TO_CHANNELS("NOPERM ", "ACL SETUSER ann resetchannels", "ACL SETUSER ann &*"),
    ANOTHER_PASSWORD(
        "WRONGPASS ",
        "ACL SETUSER ann resetpass >other\r\nCLIENT KILL USER ann",
        "ACL SETUSER ann >secret");

    private final String words;
    private final String begin;
    private final String end;

    Refusal(String words, String begin, String end) {
      this.words = words;
      this.begin = begin;
      this.end = end;
    }
  }

  @ParameterizedTest
  @EnumSource(Refusal.class)
  void whatRedisSaysIsQuotedOnceAndItsEndIsTold(Refusal refusal) {
    try (RedisProcess redis = withUser();
        LogLines log = lines();
        TestNode node = TestNode.connected(config(redis))) {
      redis.run(refusal.begin);
      quotes(node, refusal.words);
      isTriedAgain(node);
      redis.run(refusal.end);
      isOver(node, log, refusal.words);
    }
  }

  @Test
  void aFullDiskIsQuoted() throws IOException {
    Path disk = Files.createDirectory(directory.resolve("disk"));
    try (RedisProcess redis = withUser("--dir", disk.toString(), "--save", "3600 1");
        LogLines log = lines();
        TestNode node = TestNode.connected(config(redis))) {
      Files.delete(disk);
      redis.run("BGSAVE");
      quotes(node, "MISCONF ");
      isTriedAgain(node);
      redis.run("CONFIG SET stop-writes-on-bgsave-error no");
      isOver(node, log, "MISCONF ");
    }
  }

  @Test
  void aReplicaWithoutItsMasterIsQuoted() {
    try (RedisProcess redis = withUser("--replica-serve-stale-data", "no");
        LogLines log = lines();
        TestNode node = TestNode.connected(config(redis))) {
      redis.run("REPLICAOF 127.0.0.1 1");
      quotes(node, "MASTERDOWN ");
      isTriedAgain(node);
      redis.run("REPLICAOF NO ONE");
      isOver(node, log, "MASTERDOWN ");
    }
  }

  @Test
  void aRedisThatIsBusyWithSomebodysScriptIsQuoted() throws IOException {
    try (RedisProcess redis = withUser("--busy-reply-threshold", "50");
        LogLines log = lines();
        TestNode node = TestNode.connected(config(redis));
        Socket endless = new Socket(InetAddress.getLoopbackAddress(), redis.port())) {
      endless
          .getOutputStream()
          .write("EVAL 'while true do end' 0\r\n".getBytes(StandardCharsets.US_ASCII));
      quotes(node, "BUSY ");
      redis.run("SCRIPT KILL");
      isOver(node, log, "BUSY ");
    }
  }

  @Test
  void aRedisThatWantsAPasswordIsQuotedFromTheStart() {
    try (RedisProcess redis = RedisProcess.start("--requirepass", "secret");
        LogLines log = lines();
        TestNode node = new TestNode(TestConfig.of("t", redis.url()))) {
      quotes(node, "NOAUTH ");
      isTriedAgain(node);
      redis.run("AUTH secret\r\nCONFIG SET requirepass ''");
      isOver(node, log, "NOAUTH ");
    }
  }

  @Test
  void whichCommandsAUserLacksIsToldWhenANodeConnects() {
    try (RedisProcess redis = withUser();
        LogLines log = lines()) {
      redis.run("ACL SETUSER ann -xadd -zrange");
      try (TestNode node = new TestNode(config(redis))) {
        quotes(node, "NOPERM ");
        assertThat(words(node)).endsWith("[refused: zrange, xadd]");
        redis.run("ACL SETUSER ann +xadd +zrange");
        isOver(node, log, "NOPERM ");
      }
    }
  }

  /// The stream has the message by then, and pub/sub is refused.
  @Test
  void whatWasRefusedInTheMiddleOfAScriptIsNotSaidToBeUnpublished() {
    try (RedisProcess redis = withUser();
        TestNode node = TestNode.connected(config(redis))) {
      redis.run("ACL SETUSER ann resetchannels");

      assertThat(TestNode.get(node.begin(NEWS, "1")))
          .isInstanceOfSatisfying(
              Outcome.Refused.class,
              refused -> assertThat(refused.sentence()).contains("is unknown"));
    }
  }

  /// A failover: what was the master is a replica, and later the address leads to the new master.
  @Test
  void aNodeWhoseMasterBecameAReplicaFindsTheNewOneBehindTheSameAddress() {
    try (RedisProcess old = RedisProcess.start();
        RedisProcess master = RedisProcess.start();
        TcpProxy address = new TcpProxy(old.port());
        LogLines log = lines();
        TestNode node =
            TestNode.connected(TestConfig.of("t", "redis://127.0.0.1:" + address.port()))) {
      node.follow(NEWS);
      old.run("REPLICAOF 127.0.0.1 1");
      quotes(node, "READONLY ");
      address.moveTo(master.port());

      patiently()
          .until(
              () -> {
                node.begin(NEWS, "2");
                return node.listener.data().contains("2");
              });
      patiently().until(() -> old.run("CLIENT LIST TYPE pubsub").equals("$0"));
      isOver(node, log, "READONLY ");
    }
  }

  private static RedisProcess withUser(String... options) {
    String[] user = {"--user", "ann", "on", ">secret", "~*", "&*", "+@all"};
    String[] all = Arrays.copyOf(user, user.length + options.length);
    System.arraycopy(options, 0, all, user.length, options.length);
    return RedisProcess.start(all);
  }

  private static RelayConfig config(RedisProcess redis) {
    return TestConfig.of("t", "redis://ann:secret@127.0.0.1:" + redis.port());
  }

  private static LogLines lines() {
    return new LogLines(RelayShard.class.getName(), Level.INFO);
  }

  private static RelayShard shard(TestNode node) {
    return node.shards.all().getFirst();
  }

  private static String words(TestNode node) {
    Trouble trouble = shard(node).trouble();
    return trouble == null ? "" : trouble.words();
  }

  private static void quotes(TestNode node, String words) {
    patiently().untilAsserted(() -> assertThat(words(node)).startsWith(words));
  }

  /// By new connections or by publishes, as the refusal has it.
  private static void isTriedAgain(TestNode node) {
    int before = tries(node);
    patiently()
        .until(
            () -> {
              node.begin(NEWS, "1");
              return tries(node) >= before + AGAIN;
            });
  }

  private static int tries(TestNode node) {
    return node.observer.dials.get() + node.observer.failures.get();
  }

  private static void isOver(TestNode node, LogLines log, String words) {
    patiently().until(() -> shard(node).trouble() == null);
    patiently().until(() -> TestNode.get(node.begin(NEWS, "2")) instanceof Outcome.Done);
    List<String> lines = log.with("relay " + shard(node).name() + " ");
    assertThat(lines).hasSizeLessThanOrEqualTo(LINES_MAX);
    assertThat(lines).filteredOn(line -> line.contains(words)).hasSize(1);
    assertThat(lines).filteredOn(line -> line.contains(" is back after ")).hasSize(1);
  }

  private static ConditionFactory patiently() {
    return await().atMost(Duration.ofSeconds(60));
  }
}
