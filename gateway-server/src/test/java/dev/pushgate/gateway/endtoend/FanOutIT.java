package dev.pushgate.gateway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// One publisher, a thousand subscribers, of whom some come and go while messages flow: each sees
/// exactly the offsets that it should.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class FanOutIT {
  private static final int STAYING = 800;
  private static final int RESTLESS = 200;
  private static final int MESSAGES = 200;
  private static final int BATCHES = 3;
  private static final int BATCH = 50;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private NodeProcess node;

  @BeforeAll
  void start(@TempDir Path directory) {
    node =
        NodeProcess.start(
            Node.environment("PUSHGATE_DATA_DIR", directory.toString()),
            "-Xmx256m",
            "-Dio.netty.leakDetection.level=advanced");
  }

  @AfterAll
  void stop() {
    node.terminate();
    assertThat(node.exitCode()).isZero();
    assertThat(node.errors()).doesNotContain("ERROR").doesNotContain("LEAK");
    node.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void eachSubscriberSeesExactlyTheOffsetsBehindItsJoin(boolean declared) {
    String channel = declared ? "declared" : "undeclared";
    if (declared) {
      assertThat(node.rest().declare(channel).status()).isEqualTo(201);
    }
    try (Swarm swarm = new Swarm(node)) {
      swarm.join(STAYING, channel);
      swarm.comeAndGo(RESTLESS, channel);
      awaitAll(swarm, 0);
      for (long offset = 1; offset <= MESSAGES; offset++) {
        assertThat(node.rest().publish(channel, "{\"n\":" + offset + "}").number("data", "offset"))
            .isEqualTo(offset);
      }
      for (int i = 0; i < BATCHES; i++) {
        assertThat(node.rest().post("/api/v1/publish/batch", batch(channel)).status())
            .isEqualTo(200);
      }
      awaitAll(swarm, MESSAGES + BATCHES * BATCH);
      assertThat(swarm.returns()).isGreaterThan(RESTLESS);
    }
  }

  /// Many messages at once, so that subscribers leave in the midst of what is written to them.
  private static String batch(String channel) {
    return Collections.nCopies(BATCH, "{\"channel\":\"" + channel + "\",\"data\":\"batch\"}")
        .stream()
        .collect(Collectors.joining(",", "{\"messages\":[", "]}"));
  }

  private static void awaitAll(Swarm swarm, long offset) {
    Awaitility.await().atMost(PATIENCE).until(() -> swarm.allHave(offset));
    assertThat(swarm.complaints()).isEmpty();
    assertThat(swarm.told()).isEmpty();
  }
}
