package dev.pushgate.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.pace.DoublingPause;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// In which order a client's commands are carried out while one of them waits for the store, as
/// they do for a relay.
class SessionOrderTest {
  private static final String RESUME_KEPT =
      "{\"type\":\"subscribe\",\"channel\":\"kept\",\"rewind\":5}";

  private final TestGateway gateway = new TestGateway();
  private final SocketClient client = gateway.connect(gateway.secretKey.reveal());

  @AfterEach
  void stop() {
    client.close();
    gateway.close();
  }

  /// The client's resume waits from now on.
  private void resume() {
    gateway.store.hold();
    client.text(RESUME_KEPT);
  }

  private void assertPong() {
    client.text("{\"type\":\"ping\"}");
    assertThat(client.next()).isEqualTo("{\"type\":\"pong\"}");
  }

  @Test
  void anotherResumeWaitsBehindTheFirst() {
    resume();
    client.text("{\"type\":\"subscribe\",\"channel\":\"other\",\"rewind\":5}");
    assertPong();
    gateway.store.release();
    assertThat(client.next()).contains("\"subscribed\",\"channel\":\"kept\"");
    assertThat(client.next()).contains("\"subscribed\",\"channel\":\"other\"");
  }

  private static TestGateway quick() {
    DoublingPause soon = new DoublingPause(Duration.ofMillis(100), Duration.ofMillis(200));
    SessionLimits.Times usual = TestLimits.TIMES;
    return new TestGateway(
        TestLimits.with(
            new SessionLimits.Times(
                usual.pingAfter(),
                usual.idleAfter(),
                usual.linger(),
                soon,
                usual.leaving(),
                usual.message())));
  }

  @Test
  void aResumeThatIsNotAnsweredMakesRoomForOthersAndHasItsTurnAgain() {
    try (TestGateway other = quick();
        SocketClient resuming = other.connect()) {
      other.store.hold();
      resuming.text("{\"type\":\"subscribe\",\"channel\":\"first\",\"rewind\":5}");
      assertThat(resuming.next()).contains("\"subscribed\",\"channel\":\"first\"");
      resuming.text(RESUME_KEPT);
      resuming.text("{\"type\":\"subscribe\",\"channel\":\"other\",\"rewind\":5}");
      assertThat(resuming.next()).contains("\"subscribed\",\"channel\":\"other\"");
      other.store.release();
      assertThat(resuming.next()).contains("\"subscribed\",\"channel\":\"kept\"");
      other.publish("kept", "1");
      assertThat(resuming.next()).contains("\"message\",\"channel\":\"kept\"");
    }
  }

  @Test
  void whoAskedBeforeAResumeThatIsTakenBackIsAnsweredStill() {
    try (TestGateway other = quick();
        SocketClient resuming = other.connect()) {
      other.store.hold();
      resuming.text("{\"type\":\"subscribe\",\"channel\":\"kept\",\"ref\":\"1\"}");
      resuming.text("{\"type\":\"subscribe\",\"channel\":\"kept\",\"rewind\":5,\"ref\":\"2\"}");
      resuming.text("{\"type\":\"subscribe\",\"channel\":\"other\",\"rewind\":5}");
      assertThat(resuming.next()).contains("\"subscribed\",\"channel\":\"other\"");
      other.store.release();
      assertThat(resuming.next()).contains("\"ref\":\"1\"").contains("\"subscribed\"");
      assertThat(resuming.next()).contains("\"ref\":\"2\"").contains("\"subscribed\"");
    }
  }

  @Test
  void aPublishDoesNotWaitForAResume() {
    resume();
    client.text("{\"type\":\"subscribe\",\"channel\":\"other\",\"rewind\":5}");
    for (String channel : new String[] {"elsewhere", "other"}) {
      client.text(
          "{\"type\":\"publish\",\"channel\":\"" + channel + "\",\"data\":1,\"ref\":\"p\"}");
      assertThat(client.next()).contains("\"ref\":\"p\"").contains("\"offset\":1");
    }
  }

  @Test
  void aSubscribeThatBringsNothingDoesNotWaitForAResumeElsewhere() {
    resume();
    assertThat(client.subscribe("other")).contains("\"channel\":\"other\"");
    client.text("{\"type\":\"unsubscribe\",\"channel\":\"other\"}");
    assertThat(client.next()).contains("\"unsubscribed\",\"channel\":\"other\"");
  }

  @Test
  void anUnsubscribeCallsTheResumeOffAndTheNextHasItsTurn() {
    resume();
    client.text("{\"type\":\"subscribe\",\"channel\":\"other\",\"rewind\":5}");
    assertPong();
    client.text("{\"type\":\"unsubscribe\",\"channel\":\"kept\"}");
    assertThat(client.next()).contains("\"unsubscribed\",\"channel\":\"kept\"");
    assertThat(client.next()).contains("\"subscribed\",\"channel\":\"other\"");
    gateway.store.release();
    assertPong();
  }

  @Test
  void whatIsAboutTheSameChannelWaitsInItsOrder() {
    resume();
    client.text("{\"type\":\"subscribe\",\"channel\":\"other\",\"rewind\":5}");
    client.text("{\"type\":\"unsubscribe\",\"channel\":\"other\"}");
    client.text("{\"type\":\"subscribe\",\"channel\":\"other\"}");
    assertPong();
    gateway.store.release();
    assertThat(client.next()).contains("\"subscribed\",\"channel\":\"kept\"");
    client.nextWith("\"unsubscribed\",\"channel\":\"other\"");
    client.nextWith("\"subscribed\",\"channel\":\"other\"");
  }

  @Test
  void pingsAreAnsweredWhileAsManySubscribesWaitAsAClientMayBeginWith() {
    gateway.store.hold();
    for (int i = 0; i < 256; i++) {
      client.text(RESUME_KEPT);
    }
    assertPong();
    gateway.store.release();
    assertThat(client.next()).contains("\"subscribed\"");
  }
}
