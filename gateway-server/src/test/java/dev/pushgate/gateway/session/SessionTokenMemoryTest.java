package dev.pushgate.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.auth.Grants;
import dev.pushgate.auth.Permission;
import dev.pushgate.auth.TokenRequest;
import dev.pushgate.core.memory.MemoryBudget;
import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.core.memory.MemoryParts;
import dev.pushgate.core.memory.MemoryShare;
import dev.pushgate.core.outcome.CloseReason;
import dev.pushgate.gateway.testing.NoLeaks;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What tokens say is held as long as their sessions, and counts like these.
@ExtendWith(NoLeaks.class)
class SessionTokenMemoryTest {
  /// Enough for three sessions with small tokens, as 87 % are for sessions; for one with a large
  /// token and a small one; or for one with a very large token.
  private static final long LIMIT = 4L * Places.SESSION_BYTES;

  private final MemoryBudget budget = budget();
  private final MemoryShare share = budget.share(MemoryKind.CONNECTIONS);
  private final TestGateway gateway = new TestGateway(TestLimits.GENEROUS, budget);

  private static MemoryBudget budget() {
    Map<MemoryKind, Long> limits = new EnumMap<>(MemoryKind.class);
    for (MemoryKind each : MemoryKind.values()) {
      limits.put(each, Long.MAX_VALUE);
    }
    limits.put(MemoryKind.CONNECTIONS, LIMIT);
    return new MemoryBudget(limits, MemoryParts.WHOLE);
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  /// Of the user `ann`, for so many channels.
  private String token(int patterns) {
    return token("me", patterns);
  }

  private String token(String clientId, int patterns) {
    Map<String, Set<Permission>> grants = new HashMap<>();
    for (int i = 0; i < patterns; i++) {
      grants.put("c" + i, Set.of(Permission.SUBSCRIBE));
    }
    Grants all = new Grants(grants);
    return gateway.token(new TokenRequest(clientId, "ann", Duration.ofHours(1), all, null));
  }

  private static String auth(String token) {
    return "{\"type\":\"auth\",\"token\":\"" + token + "\",\"ref\":\"t\"}";
  }

  @Test
  void largeTokensAreTurnedAwayWhereSmallOnesFindRoom() {
    String large = token(60);
    try (SocketClient _ = gateway.connect(large);
        SocketClient other = new SocketClient(gateway.port)) {
      other.handshake("/ws?token=" + large);
      assertThat(other.next()).contains("There is no memory", "\"code\":\"QUOTA_EXCEEDED\"");
      assertThat(other.next()).isEqualTo("close 4100 over the connection limit");
      gateway.connect(token(1)).close();
      assertThat(gateway.turnedAway(CloseReason.OVER_CONNECTION_LIMIT)).isEqualTo(1);
    }
    await().until(() -> share.usedBytes() == 0);
  }

  /// Each token is larger than the one before: only the first few go without room.
  @Test
  void aFullNodeRenewsWhatSaysHardlyMoreOnce() {
    try (SocketClient client = gateway.connect(token(2));
        SocketClient _ = gateway.connect(token(2));
        SocketClient large = gateway.connect(token(2))) {
      takeAllRoom(large);
      long full = share.usedBytes();
      client.text(auth(token("me".repeat(20), 2)));
      assertThat(client.next()).contains("\"authenticated\"");
      assertThat(share.usedBytes()).isBetween(full + 1, full + 256);
      client.text(auth(token("me".repeat(30), 2)));
      assertThat(client.next()).contains("\"authenticated\"");
      client.text(auth(token("me".repeat(40), 2)));
      assertThat(client.next()).contains("\"error\":\"There is no memory for a token");
      assertThat(share.usedBytes()).isBetween(full + 1, full + 256);
    }
    await().until(() -> share.usedBytes() == 0);
  }

  private void takeAllRoom(SocketClient client) {
    String answer = "authenticated";
    for (int patterns = 3; answer.contains("authenticated"); patterns++) {
      client.text(auth(token(patterns)));
      answer = client.next();
    }
    assertThat(answer).contains("There is no memory for a token");
  }

  @Test
  void aRenewalThatFindsNoRoomIsRefusedAndTheOldTokenStays() {
    try (SocketClient client = gateway.connect(token(2));
        SocketClient other = gateway.connect(token(2))) {
      long both = share.usedBytes();
      client.text(auth(token(80)));
      assertThat(client.next())
          .contains("\"error\":\"There is no memory for a token", "\"ref\":\"t\"");
      client.subscribe("c1");
      client.text("{\"type\":\"subscribe\",\"channel\":\"c2\"}");
      assertThat(client.next()).contains("\"FORBIDDEN\"");
      assertThat(share.usedBytes()).isEqualTo(both);

      other.close();
      await().until(() -> gateway.open() == 1);
      client.text(auth(token(80)));
      assertThat(client.next()).contains("\"authenticated\"");
      client.subscribe("c2");
      assertThat(share.usedBytes()).isGreaterThan(both);
      client.text(auth(token(2)));
      assertThat(client.nextWith("authenticated")).isNotEmpty();
      assertThat(share.usedBytes()).isEqualTo(both / 2);

      try (SocketClient _ = gateway.connect(token(2))) { // it has what was given back
        client.text(auth(token(80)));
        assertThat(client.nextWith("There is no memory for a token")).isNotEmpty();
      }
    }
    await().until(() -> share.usedBytes() == 0);
  }
}
