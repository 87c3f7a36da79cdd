package dev.pushgate.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.auth.Grants;
import dev.pushgate.auth.Permission;
import dev.pushgate.auth.TokenMinter;
import dev.pushgate.auth.TokenRequest;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.presence.Roster;
import dev.pushgate.gateway.testing.NoLeaks;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Being present in a channel, over a socket.
@ExtendWith(NoLeaks.class)
class SessionPresenceTest {
  private static final String SUBSCRIBE =
      "{\"type\":\"subscribe\",\"channel\":\"room\",\"presence\":true%s}";

  private final TestGateway gateway = new TestGateway();

  @AfterEach
  void stop() {
    gateway.close();
  }

  /// A client whose token is of this user, or of no user.
  private SocketClient user(String id) {
    Grants grants = new Grants(Map.of("*", Set.of(Permission.SUBSCRIBE, Permission.PRESENCE)));
    TokenRequest request = new TokenRequest("c-" + id, id, Duration.ofHours(1), grants, null);
    return gateway.connect(new TokenMinter(Clock.systemUTC()).mint(gateway.app(), request).token());
  }

  private static SocketClient enter(SocketClient client, String more) {
    client.text(SUBSCRIBE.formatted(more));
    assertThat(client.next()).startsWith("{\"type\":\"subscribed\",\"channel\":\"room\"");
    return client;
  }

  /// How many are present.
  private int present() {
    return gateway.rosters.read(TestGateway.key("room")).toCompletableFuture().join()
            instanceof Outcome.Done<Roster> read
        ? read.value().members().size()
        : -1;
  }

  private void endGracesUntilOneIsPresent() {
    await()
        .until(
            () -> {
              gateway.rosters.sweep();
              return present() == 1;
            });
  }

  @Test
  void theStateComesBehindTheAnswerAndChangesComeAfterIt() {
    try (SocketClient ann = enter(user("ann"), ",\"info\":{\"n\": 1},\"ref\":\"a\"");
        SocketClient ben = user("ben")) {
      assertThat(ann.next())
          .startsWith(
              "{\"type\":\"presence\",\"channel\":\"room\",\"action\":\"state\",\"members\":["
                  + "{\"userId\":\"ann\",\"info\":{\"n\": 1}}],\"epoch\":\"")
          .endsWith(",\"version\":1}");
      enter(ben, "");
      assertThat(ben.next())
          .contains("\"action\":\"state\"")
          .contains("[{\"userId\":\"ann\",\"info\":{\"n\": 1}},{\"userId\":\"ben\"}]");
      assertThat(ann.next())
          .contains("\"action\":\"join\",\"members\":[{\"userId\":\"ben\"}]")
          .endsWith(",\"version\":2}");
      ben.text("{\"type\":\"presence\",\"channel\":\"room\",\"info\":[],\"ref\":\"u\"}");
      assertThat(ann.next())
          .contains("\"action\":\"update\",\"members\":[{\"userId\":\"ben\",\"info\":[]}]");
      String answer =
          "{\"type\":\"presence\",\"channel\":\"room\",\"action\":\"updated\",\"ref\":\"u\"}";
      assertThat(ben.nextWith("\"ref\":\"u\"")).isEqualTo(answer);
      ben.close();
      endGracesUntilOneIsPresent();
      assertThat(ann.next()).contains("\"action\":\"leave\",\"members\":[{\"userId\":\"ben\"}]");
    }
  }

  @Test
  void onlyATokenThatGrantsItMayBePresentAndWhoMayNotIsNotSubscribed() {
    String refused =
        "{\"type\":\"error\",\"error\":\"Presence needs a connection token that grants it for this"
            + " channel\",\"code\":\"FORBIDDEN\",\"channel\":\"room\",\"ref\":\"x\"}";
    for (String credential :
        new String[] {
          gateway.publishKey.reveal(),
          gateway.secretKey.reveal(),
          gateway.token("*", Permission.SUBSCRIBE)
        }) {
      try (SocketClient client = gateway.connect(credential)) {
        client.text(SUBSCRIBE.formatted(",\"ref\":\"x\""));
        assertThat(client.next()).isEqualTo(refused);
        gateway.publish("room", "1");
        client.text("{\"type\":\"presence\",\"channel\":\"room\",\"info\":1,\"ref\":\"x\"}");
        assertThat(client.next()).isEqualTo(refused);
      }
    }
  }

  @Test
  void aClientWithoutAUserIsAMemberByItsClientId() {
    try (SocketClient client =
        gateway.connect(gateway.token("*", Permission.SUBSCRIBE, Permission.PRESENCE))) {
      enter(client, "");
      assertThat(client.next()).contains("\"members\":[{\"clientId\":\"me\"}]");
    }
  }

  @Test
  void whoSubscribedBeforeBecomesPresentByAskingAgain() {
    try (SocketClient client = user("ann")) {
      client.subscribe("room");
      enter(client, "");
      assertThat(client.next()).contains("\"action\":\"state\"");
      enter(client, "");
      client.text("{\"type\":\"ping\"}");
      assertThat(client.next()).as("no second state").isEqualTo("{\"type\":\"pong\"}");
    }
  }

  @Test
  void whatIsSaidWhileTheRosterIsOnItsWayIsCarriedOutBehindIt() {
    try (SocketClient client = user("ann")) {
      client.text(SUBSCRIBE.formatted(",\"rewind\":10"));
      client.text("{\"type\":\"presence\",\"channel\":\"room\",\"info\":1,\"ref\":\"u\"}");
      assertThat(client.next()).contains("\"type\":\"subscribed\"");
      assertThat(client.next()).contains("\"action\":\"state\"");
      assertThat(client.nextWith("\"ref\":\"u\"")).contains("\"action\":\"updated\"");
    }
  }

  @Test
  void aWishThatWasCalledOffIsForgotten() {
    gateway.store.hold();
    try (SocketClient client = user("ann")) {
      client.text("{\"type\":\"subscribe\",\"channel\":\"kept\",\"presence\":true}");
      client.text("{\"type\":\"unsubscribe\",\"channel\":\"kept\"}");
      assertThat(client.next()).contains("\"unsubscribed\"");
      gateway.store.release();
      client.subscribe("kept");
      client.text("{\"type\":\"ping\"}");
      assertThat(client.next()).as("no state").isEqualTo("{\"type\":\"pong\"}");
    }
  }

  @Test
  void whoIsNotPresentHasNothingToUpdate() {
    try (SocketClient client = user("ann")) {
      client.subscribe("room");
      client.text("{\"type\":\"presence\",\"channel\":\"room\",\"info\":1}");
      assertThat(client.next()).contains("\"code\":\"CONFLICT\",\"channel\":\"room\"");
    }
  }

  @Test
  void anInfoThatIsTooLongIsRefusedBeforeAnythingHappens() {
    try (SocketClient client = user("ann")) {
      client.text(SUBSCRIBE.formatted(",\"info\":\"" + "x".repeat(2047) + "\""));
      assertThat(client.next())
          .contains("info must be at most 2048 bytes")
          .contains("\"code\":\"VALIDATION_ERROR\",\"channel\":\"room\"");
      assertThat(present()).isZero();
    }
  }

  @Test
  void aDeletedChannelEndsPresenceAndBlocksNothing() {
    gateway.declare("room", false);
    try (SocketClient client = user("ann")) {
      enter(client, "");
      client.nextWith("\"action\":\"state\"");
      gateway.engine.channels().delete(TestGateway.key("room")).toCompletableFuture().join();
      assertThat(client.next()).contains("\"type\":\"unsubscribed\"");
      client.text("{\"type\":\"unsubscribe\",\"channel\":\"room\"}");
      assertThat(client.next()).contains("\"type\":\"unsubscribed\"");
    }
  }
}
