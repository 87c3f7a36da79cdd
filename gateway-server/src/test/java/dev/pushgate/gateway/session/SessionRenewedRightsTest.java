package dev.pushgate.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.auth.Permission;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.presence.Roster;
import dev.pushgate.core.publication.Published;
import dev.pushgate.gateway.testing.NoLeaks;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What a session may do once it has another token.
@ExtendWith(NoLeaks.class)
class SessionRenewedRightsTest {
  private static final String NOT_PRESENT =
      "{\"type\":\"error\",\"error\":\"Presence needs a connection token that grants it for this"
          + " channel\",\"code\":\"FORBIDDEN\",\"channel\":\"%s\"}";

  private final TestGateway gateway = new TestGateway();

  @AfterEach
  void stop() {
    gateway.close();
  }

  /// The client goes on with a token that allows these on channels of this pattern.
  private void renew(SocketClient client, String pattern, Permission... permissions) {
    client.text("{\"type\":\"auth\",\"token\":\"" + gateway.token(pattern, permissions) + "\"}");
    assertThat(client.next()).matches("\\{\"type\":\"authenticated\",\"expiresAt\":\\d+}");
  }

  private SocketClient connect(String pattern, Permission... permissions) {
    return gateway.connect(gateway.token(pattern, permissions));
  }

  private int present(String channel) {
    return gateway.rosters.read(TestGateway.key(channel)).toCompletableFuture().join()
            instanceof Outcome.Done<Roster> read
        ? read.value().members().size()
        : -1;
  }

  @Test
  void channelsThatTheNewTokenDoesNotCoverAreTakenAwayAndTheOthersGoOn() {
    try (SocketClient client = connect("*", Permission.SUBSCRIBE);
        SocketClient other = connect("*", Permission.SUBSCRIBE)) {
      client.subscribe("a");
      client.subscribe("b");
      other.subscribe("b");
      gateway.publish("b", "0");
      assertThat(client.next()).contains("\"data\":0");
      renew(client, "a", Permission.SUBSCRIBE);
      assertThat(client.next())
          .startsWith("{\"type\":\"error\",")
          .endsWith(",\"code\":\"FORBIDDEN\",\"channel\":\"b\"}");
      assertThat(client.next()).isEqualTo("{\"type\":\"unsubscribed\",\"channel\":\"b\"}");
      gateway.publish("b", "1");
      assertThat(other.nextWith("\"data\":1")).contains("\"channel\":\"b\"");
      gateway.publish("a", "2");
      assertThat(client.next()).contains("\"channel\":\"a\"", "\"data\":2");
      client.text("{\"type\":\"subscribe\",\"channel\":\"b\",\"ref\":\"s\"}");
      assertThat(client.next()).contains("\"FORBIDDEN\"", "\"ref\":\"s\"");
    }
  }

  @Test
  void whatTheNewTokenGrantsHoldsForTheNextCommand() {
    try (SocketClient client = connect("a", Permission.SUBSCRIBE)) {
      client.text("{\"type\":\"publish\",\"channel\":\"b\",\"data\":1}");
      assertThat(client.next()).contains("\"FORBIDDEN\"");
      renew(client, "b", Permission.SUBSCRIBE, Permission.PUBLISH);
      assertThat(client.subscribe("b")).contains("\"channel\":\"b\"");
      client.text("{\"type\":\"publish\",\"channel\":\"b\",\"data\":1}");
      assertThat(client.nextWith("\"published\"")).contains("\"offset\":1");
    }
  }

  @Test
  void aSubscribeThatIsNotAnsweredYetIsRefusedWhenTheNewTokenDoesNotCoverIt() {
    try (SocketClient client = connect("*", Permission.SUBSCRIBE)) {
      gateway.store.hold();
      client.text("{\"type\":\"subscribe\",\"channel\":\"kept\",\"ref\":\"s\"}");
      renew(client, "a", Permission.SUBSCRIBE);
      gateway.store.release();
      assertThat(client.next())
          .endsWith(",\"code\":\"FORBIDDEN\",\"channel\":\"kept\",\"ref\":\"s\"}");
      client.subscribe("a");
    }
  }

  @Test
  void aPublishUnderWayIsAnsweredAlthoughTheNewTokenDoesNotGrantIt() {
    CompletableFuture<Outcome<Published>> answer = new CompletableFuture<>();
    gateway.otherRelay = _ -> answer;
    try (SocketClient client = connect("*", Permission.PUBLISH)) {
      client.text("{\"type\":\"publish\",\"channel\":\"c\",\"data\":1,\"ref\":\"p\"}");
      renew(client, "*", Permission.SUBSCRIBE);
      answer.complete(new Outcome.Refused<>(Refusal.RELAY_UNAVAILABLE));
      assertThat(client.next()).contains("\"RELAY_UNAVAILABLE\"", "\"ref\":\"p\"");
    }
  }

  @Test
  void whoMayNotBePresentAnyMoreLeavesTheRosterAndStaysSubscribed() {
    try (SocketClient client = connect("*", Permission.SUBSCRIBE, Permission.PRESENCE)) {
      client.text("{\"type\":\"subscribe\",\"channel\":\"room\",\"presence\":true}");
      client.nextWith("\"action\":\"state\"");
      client.subscribe("other");
      renew(client, "*", Permission.SUBSCRIBE);
      assertThat(client.next()).isEqualTo(NOT_PRESENT.formatted("room"));
      await()
          .until(
              () -> {
                gateway.rosters.sweep();
                return present("room") == 0;
              });
      gateway.publish("room", "1");
      assertThat(client.next()).contains("\"channel\":\"room\"", "\"data\":1");
      client.text("{\"type\":\"subscribe\",\"channel\":\"other\",\"rewind\":5}");
      assertThat(client.next()).as("replays go on").contains("\"subscribed\"");
    }
  }

  @Test
  void aWishToBePresentThatWaitsIsHeldAgainstTheNewToken() {
    try (SocketClient client = connect("*", Permission.SUBSCRIBE, Permission.PRESENCE)) {
      gateway.store.hold();
      client.text("{\"type\":\"subscribe\",\"channel\":\"kept\",\"presence\":true}");
      renew(client, "*", Permission.SUBSCRIBE);
      gateway.store.release();
      assertThat(client.next()).contains("\"subscribed\",\"channel\":\"kept\"");
      assertThat(client.next()).isEqualTo(NOT_PRESENT.formatted("kept"));
      assertThat(present("kept")).isZero();
    }
  }
}
