package dev.pushgate.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.core.memory.MemoryBudget;
import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.core.memory.MemoryShare;
import dev.pushgate.core.memory.ObjectCosts;
import dev.pushgate.core.outcome.CloseReason;
import dev.pushgate.gateway.testing.NoLeaks;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A message that thousands are due takes little where they share it, but each of them has a write
/// of it: those are bounded for all together.
@ExtendWith(NoLeaks.class)
class SessionWritesTest {
  private static final String BLOB = "\"" + "x".repeat(25_000) + "\"";
  private static final int MOST_MESSAGES = 2_000;

  /// Of both shards.
  private final MemoryBudget budget =
      TestLimits.memory(MemoryKind.WRITES, 2 * 200 * ObjectCosts.SHARED_WRITE);

  private final MemoryShare writes = budget.share(MemoryKind.WRITES);
  private final List<SocketClient> unread = new ArrayList<>();

  @Test
  void whoReadsNothingOfManyTinyMessagesIsCutAndReadersLoseNothing() {
    try (TestGateway gateway = new TestGateway(TestLimits.GENEROUS, budget);
        SocketClient reader = gateway.connect();
        SocketClient other = gateway.connect()) {
      reader.subscribe("c");
      other.subscribe("c");
      for (int i = 0; i < 20; i++) {
        SocketClient client = new SocketClient(gateway.port, 4_096);
        unread.add(client);
        client.handshake("/ws?token=" + gateway.publishKey.reveal());
        client.subscribe("c");
      }
      for (int i = 0; i < MOST_MESSAGES && writes.refusals() < unread.size(); i++) {
        // The large ones fill the system's buffers, and are too few to make anybody slow by itself.
        long offset = gateway.publish("c", i < 20 ? BLOB : "1");
        assertThat(reader.next()).endsWith("\"offset\":" + offset + "}");
        assertThat(other.next()).endsWith("\"offset\":" + offset + "}");
      }
      assertThat(writes.refusals()).isPositive();
      await().until(() -> gateway.closed(CloseReason.SLOW_CONSUMER) == writes.refusals());
      unread.forEach(SocketClient::close);
      await().until(() -> gateway.open() == 2);
      await().until(() -> writes.usedBytes() == 0);
      await().until(() -> budget.share(MemoryKind.OUTBOUND).usedBytes() == 0);
      long offset = gateway.publish("c", "1");
      assertThat(reader.next()).endsWith("\"offset\":" + offset + "}");
      assertThat(other.next()).endsWith("\"offset\":" + offset + "}");
    }
  }
}
