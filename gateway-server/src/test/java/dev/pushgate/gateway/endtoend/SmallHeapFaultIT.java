package dev.pushgate.gateway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A node with a heap of 256 MiB and everything that attackers may do to it, each alone and all
/// together: it lives, those who do nothing wrong miss nothing, and it recovers when the attackers
/// leave. `-Dattackers.seconds=60` makes it a minute of each.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Isolated("what others do at the same time would count as the attackers' work")
@Timeout(600)
class SmallHeapFaultIT {
  private static final Logger log = LoggerFactory.getLogger(SmallHeapFaultIT.class);
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int GOOD = 200;
  private static final int MESSAGES = Integer.getInteger("attackers.seconds", 1) * 50;

  private NodeProcess node;

  @BeforeAll
  void start(@TempDir Path directory) {
    node =
        NodeProcess.start(
            Node.environment(
                "PUSHGATE_DATA_DIR", directory.toString(),
                "PUSHGATE_LIMITS_IDLE_TIME", "20s",
                "PUSHGATE_LIMITS_PING_INTERVAL", "8s"),
            "-XX:-UseSerialGC",
            "-XX:TieredStopAtLevel=4",
            "@" + Path.of("..", "jvm.options"), // as it is shipped
            "-Xmx256m");
  }

  @AfterAll
  void stop() {
    node.terminate();
    assertThat(node.exitCode()).isZero();
    assertThat(node.errors()).doesNotContain("ERROR").doesNotContain("OutOfMemory");
    node.close();
  }

  static Stream<Function<Node, Attacker>> attackers() {
    return Attackers.ALL.stream();
  }

  @ParameterizedTest
  @MethodSource("attackers")
  void oneAttackerHarmsNobody(Function<Node, Attacker> arrival) {
    harmNobody(List.of(arrival.apply(node)));
  }

  @Test
  void allAttackersTogetherHarmNobody() {
    harmNobody(Attackers.ALL.stream().map(arrival -> arrival.apply(node)).toList());
  }

  private void harmNobody(List<Attacker> attackers) {
    try (GoodClients good = new GoodClients(node, GOOD)) {
      List<Thread> attacks = new ArrayList<>();
      for (Attacker attacker : attackers) {
        attacks.add(Thread.ofVirtual().start(attacker::attack));
      }
      for (Thread attack : attacks) {
        await().atMost(PATIENCE).until(() -> !attack.isAlive());
      }
      long begun = good.published();
      await().atMost(PATIENCE).until(() -> good.published() >= begun + MESSAGES);
      log.warn("{}: {}", attackers, good.nobodyMissedAnything());
    } finally {
      attackers.forEach(Attacker::close);
    }
    assertThat(node.isAlive()).isTrue();
    await().atMost(PATIENCE).until(() -> metric("pushgate_connections") == 0);
    for (String kind : List.of("outbound", "writes", "inbound", "heads", "bodies", "answers")) {
      await()
          .atMost(PATIENCE)
          .until(() -> metric("pushgate_memory_used_bytes\\{kind=\"" + kind + "\"\\}") == 0);
    }
  }

  private double metric(String name) {
    String all = node.management().get("/metrics").body();
    Matcher found = Pattern.compile("(?m)^" + name + " (\\S+)").matcher(all);
    assertThat(found.find()).as(name).isTrue();
    return Double.parseDouble(found.group(1));
  }
}
