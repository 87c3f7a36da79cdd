package dev.pushgate.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.gateway.protocol.client.ServerFrame;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubscriptionTest implements Subscription.Listener {
  private final List<Long> offsets = new ArrayList<>();
  private final List<StreamPosition> heads = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final List<String> replies = new ArrayList<>();

  @Override
  public void message(ServerFrame.Message message, StreamPosition position, String frame) {
    offsets.add(message.offset());
  }

  @Override
  public void subscribed(StreamPosition head) {
    heads.add(head);
  }

  @Override
  public void warning(String line) {
    warnings.add(line);
  }

  @Test
  void aReconnectAsksForWhatCameSinceTheLastMessage() {
    Subscription subscription = subscription(null, 0);
    assertThat(subscription.request()).isEqualTo("{\"type\":\"subscribe\",\"channel\":\"c\"}");

    take(subscription, subscribed("e", 4, null), message(5), message(6));
    assertThat(heads).containsExactly(new StreamPosition("e", 4));

    assertThat(subscription.request()).endsWith("\"since\":" + since("e", 6) + "}");
    assertThat(offsets).containsExactly(5L, 6L);
    assertThat(warnings).isEmpty();
  }

  @Test
  void whoHasSeenNothingYetAsksForWhatCameSinceItJoined() {
    Subscription subscription = subscription(null, 0);

    take(subscription, subscribed("e", 4, null));

    assertThat(subscription.request()).contains(since("e", 4));
  }

  @Test
  void aReplayThatBreaksOffIsAskedForAgain() {
    Subscription subscription = subscription(new StreamPosition("e", 3), 0);

    take(subscription, subscribed("e", 9, true), message(4));

    assertThat(subscription.request()).contains(since("e", 4));
  }

  @Test
  void whatComesBehindAnEmptyRewindIsAskedForAfterABreak() {
    Subscription subscription = subscription(null, 1);

    take(subscription, subscribed("e", 0, null));

    assertThat(replies).isEmpty();
    assertThat(subscription.request()).contains(since("e", 0));
    take(subscription, subscribed("e", 2, true), message(1), message(2));
    assertThat(offsets).containsExactly(1L, 2L);
    assertThat(warnings).isEmpty();
  }

  @Test
  void aRewindThatBreaksOffIsAskedForFromWhereItCame() {
    Subscription subscription = subscription(null, 5);

    take(subscription, subscribed("e", 9, null));
    assertThat(subscription.request()).contains(since("e", 4));

    take(subscription, subscribed("e", 9, true), message(5));
    assertThat(subscription.request()).contains(since("e", 5));
  }

  @Test
  void aRewindOfLessThanWasAskedForIsOverWithThePongBehindIt() {
    Subscription subscription = subscription(null, 5);

    take(subscription, subscribed("e", 9, null));
    assertThat(replies).containsExactly("{\"type\":\"ping\"}");
    take(subscription, "{\"type\":\"pong\"}");

    assertThat(subscription.request()).contains(since("e", 9));
    take(subscription, subscribed("e", 10, true), message(10), "{\"type\":\"pong\"}");
    assertThat(subscription.request()).contains(since("e", 10));
    assertThat(warnings).isEmpty();
  }

  @Test
  void whatARewindNoLongerHoldsIsNoHole() {
    Subscription subscription = subscription(null, 5);

    take(subscription, subscribed("e", 9, null), message(8), message(9), message(11));

    assertThat(offsets).containsExactly(8L, 9L, 11L);
    assertThat(warnings).containsExactly("nothing came between e:9 and offset 11");
  }

  @Test
  void whatCannotBeRecoveredIsSaid() {
    Subscription subscription = subscription(new StreamPosition("old", 3), 0);

    take(subscription, subscribed("new", 1, false), message(2));

    assertThat(warnings)
        .containsExactly("messages are missing: the stream does not reach back to old:3");
    assertThat(subscription.request()).contains(since("new", 2));
  }

  @Test
  void aGapIsSaidAndPassed() {
    Subscription subscription = subscription(null, 0);

    take(
        subscription,
        subscribed("e", 1, null),
        "{\"type\":\"gap\",\"channel\":\"c\",\"epoch\":\"e\",\"from\":2,\"to\":4}",
        message(5));

    assertThat(warnings).containsExactly("gap: messages 2 to 4 are lost");
    assertThat(offsets).containsExactly(5L);
  }

  @Test
  void aHoleAndADoubleThatTheServerDoesNotTellAreSaid() {
    Subscription subscription = subscription(null, 0);

    take(subscription, subscribed("e", 1, null), message(2), message(2), message(5));

    assertThat(offsets).containsExactly(2L, 5L);
    assertThat(warnings)
        .containsExactly("offset 2 came twice", "nothing came between e:2 and offset 5");
  }

  @ParameterizedTest
  @ValueSource(strings = {"INVALID_TOKEN", "FORBIDDEN", "CHANNEL_NOT_FOUND", "SOMETHING_NEW"})
  void aRefusalEndsIt(String code) {
    assertThat(subscription(null, 0).take(error(code), replies::add))
        .contains(new Ending.Refused(code + ": so it is"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"STORE_UNAVAILABLE", "RATE_LIMITED", "SERVER_ERROR"})
  void aRefusalThatMayPassIsTriedAgain(String code) {
    assertThat(subscription(null, 0).take(error(code), replies::add))
        .contains(new Ending.Broken(code + ": so it is", false));
  }

  @Test
  void aChannelThatIsTakenAwayEndsIt() {
    assertThat(
            subscription(null, 0)
                .take("{\"type\":\"unsubscribed\",\"channel\":\"c\"}", replies::add))
        .containsInstanceOf(Ending.Refused.class);
  }

  @Test
  void framesThatItDoesNotKnowArePassedOver() {
    assertThat(subscription(null, 0).take("{\"type\":\"token_expiring\"}", replies::add)).isEmpty();
    assertThat(
            subscription(null, 0).take("{\"type\":\"connected\",\"clientId\":\"x\"}", replies::add))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{}", "{\"type\":\"message\",\"channel\":\"c\"}"})
  void whatIsNoFrameEndsIt(String text) {
    assertThat(subscription(null, 0).take(text, replies::add))
        .containsInstanceOf(Ending.Refused.class);
  }

  private Subscription subscription(@Nullable StreamPosition since, int rewind) {
    return new Subscription("c", since, rewind, this);
  }

  private void take(Subscription subscription, String... frames) {
    for (String frame : frames) {
      assertThat(subscription.take(frame, replies::add)).isEmpty();
    }
  }

  private static String subscribed(String epoch, long offset, @Nullable Boolean recovered) {
    return "{\"type\":\"subscribed\",\"channel\":\"c\",\"epoch\":\"%s\",\"offset\":%d%s}"
        .formatted(epoch, offset, recovered == null ? "" : ",\"recovered\":" + recovered);
  }

  private static String message(long offset) {
    return "{\"type\":\"message\",\"channel\":\"c\",\"messageId\":\"m\",\"eventType\":\"message\","
        + ("\"clientId\":\"x\",\"data\":{},\"timestamp\":1,\"offset\":" + offset + "}");
  }

  private static String error(String code) {
    return "{\"type\":\"error\",\"error\":\"so it is\",\"code\":\"" + code + "\"}";
  }

  private static String since(String epoch, long offset) {
    return "{\"epoch\":\"" + epoch + "\",\"offset\":" + offset + "}";
  }
}
