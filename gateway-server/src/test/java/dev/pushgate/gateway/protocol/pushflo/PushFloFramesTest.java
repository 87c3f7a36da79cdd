package dev.pushgate.gateway.protocol.pushflo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.presence.MemberId;
import dev.pushgate.core.presence.PresenceEvent;
import dev.pushgate.core.presence.Present;
import dev.pushgate.core.presence.RosterStamp;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.publication.Published;
import dev.pushgate.gateway.session.ServerEvent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PushFloFramesTest {
  private static final ChannelName CHANNEL = new ChannelName("c");
  private static final ChannelKey KEY = new ChannelKey(AppId.DEFAULT, CHANNEL);
  private static final StreamPosition HEAD = new StreamPosition("e1", 42);

  private final PushFloFrames frames = new PushFloFrames();

  @Test
  void aPublicationIsAPushFloMessageWithItsOffset() {
    assertThat(message("order \"new\"", "me\\", "{\"n\": 1}"))
        .isEqualTo(
            "{\"type\":\"message\",\"channel\":\"c\",\"messageId\":\"m1\","
                + "\"eventType\":\"order \\\"new\\\"\",\"clientId\":\"me\\\\\","
                + "\"data\":{\"n\": 1},\"timestamp\":1700000000000,\"offset\":42}");
  }

  @Test
  void namesAreEscapedAsJsonAsksAndDataIsNot() {
    assertThat(message("\n\u0001\u007f", "ä€𝄞", "\"ä\\n\""))
        .contains("\"eventType\":\"\\u000a\\u0001\u007f\"")
        .contains("\"clientId\":\"ä€𝄞\"")
        .contains("\"data\":\"ä\\n\"");
    assertThat(message("\ud800x\udc00", "c", "1")).contains("\"eventType\":\"\\ud800x\\udc00\"");
  }

  @Test
  void aFrameIsNeverLongerThanItsPublicationsWeightAndItsHeader() {
    for (int length : new int[] {2, 60, 100, 126, 1_000, 65_000, 65_536, 70_000}) {
      byte[] data = ("\"" + "x".repeat(length - 2) + "\"").getBytes(StandardCharsets.UTF_8);
      Publication publication = publication("\u0001".repeat(128), "\u0002".repeat(128), data);
      byte[] frame = new PushFloWireFormat(0).encode(publication);
      assertThat(frame.length).isLessThanOrEqualTo(publication.weight());
      assertThat(payload(frame)).contains("x".repeat(length - 2));
    }
  }

  @Test
  void aPresenceFrameIsNeverLongerThanItsEventsWeight() {
    List<Present> members =
        List.of(
            new Present(new MemberId.User("\u0001".repeat(128)), "\"ä\""),
            new Present(new MemberId.Client(""), null),
            new Present(new MemberId.Client("c"), "{\"a\":{}}"));
    PresenceEvent event =
        new PresenceEvent(
            KEY,
            new RosterStamp("e".repeat(64), Long.MAX_VALUE),
            PresenceEvent.Action.JOIN,
            members);
    byte[] frame = new PushFloWireFormat(0).encode(event);
    assertThat(frame.length).isLessThanOrEqualTo(event.weight());
    assertThat(payload(frame))
        .startsWith(
            "{\"type\":\"presence\",\"channel\":\"c\",\"action\":\"join\",\"members\":[{\"userId\":")
        .contains(
            "\",\"info\":\"ä\"},{\"clientId\":\"\"},{\"clientId\":\"c\",\"info\":{\"a\":{}}}],")
        .endsWith(",\"version\":9223372036854775807}");
  }

  @Test
  void anOddIdIsNeverLongerThanItsWeightAndAPlainOneHardlyShorter() {
    PresenceEvent none = state(List.of());
    for (String id : List.of("\u0001\u001f", "\"\\", "äߐ", "€", "😀", "\ud800x\udc00", "")) {
      Present odd = new Present(new MemberId.Client(id.repeat(20)), "1");
      assertThat(lengthOf(state(List.of(odd, odd))) - lengthOf(none))
          .isLessThanOrEqualTo(2 * odd.weight());
    }
    Present plain = new Present(new MemberId.User("0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f"), "1");
    assertThat(lengthOf(state(List.of(plain, plain))) - lengthOf(none))
        .isGreaterThan(2 * plain.weight() - 32);
  }

  private static PresenceEvent state(List<Present> members) {
    return new PresenceEvent(KEY, RosterStamp.NONE, PresenceEvent.Action.STATE, members);
  }

  private static int lengthOf(PresenceEvent event) {
    return payload(new PushFloWireFormat(0).encode(event)).getBytes(StandardCharsets.UTF_8).length;
  }

  @Test
  void aRenewalIsAnsweredWithTheNewEnd() {
    assertThat(payload(frames.encode(new ServerEvent.Authenticated(1_700_000_000_000L, "r"))))
        .isEqualTo("{\"type\":\"authenticated\",\"expiresAt\":1700000000000,\"ref\":\"r\"}");
    assertThat(payload(frames.encode(new ServerEvent.Authenticated(1, null))))
        .isEqualTo("{\"type\":\"authenticated\",\"expiresAt\":1}");
  }

  @Test
  void eventsAreWrittenAsTheProtocolHasThem() {
    assertThat(encoded(new ServerEvent.Connected("me", "n1-a", 5)))
        .isEqualTo(
            "{\"type\":\"connected\",\"clientId\":\"me\",\"connectionId\":\"n1-a\","
                + "\"timestamp\":5}");
    assertThat(encoded(new ServerEvent.Subscribed(CHANNEL, null, HEAD, null)))
        .isEqualTo("{\"type\":\"subscribed\",\"channel\":\"c\",\"epoch\":\"e1\",\"offset\":42}");
    assertThat(encoded(new ServerEvent.Subscribed(CHANNEL, "r", HEAD, true)))
        .isEqualTo(
            "{\"type\":\"subscribed\",\"channel\":\"c\",\"epoch\":\"e1\",\"offset\":42,"
                + "\"recovered\":true,\"ref\":\"r\"}");
    assertThat(encoded(new ServerEvent.Unsubscribed(CHANNEL, "r")))
        .isEqualTo("{\"type\":\"unsubscribed\",\"channel\":\"c\",\"ref\":\"r\"}");
    assertThat(encoded(new ServerEvent.Pong(null))).isEqualTo("{\"type\":\"pong\"}");
    assertThat(encoded(new ServerEvent.Pong("1"))).isEqualTo("{\"type\":\"pong\",\"ref\":\"1\"}");
    assertThat(encoded(new ServerEvent.Gap(CHANNEL, "e1", 42, 57)))
        .isEqualTo("{\"type\":\"gap\",\"channel\":\"c\",\"epoch\":\"e1\",\"from\":42,\"to\":57}");
    assertThat(
            encoded(
                new ServerEvent.Accepted(
                    new Published(KEY, HEAD, "m1", "message", "me", 3, 5), "r")))
        .isEqualTo(
            "{\"type\":\"published\",\"channel\":\"c\",\"messageId\":\"m1\",\"epoch\":\"e1\","
                + "\"offset\":42,\"ref\":\"r\"}");
    assertThat(
            encoded(
                new ServerEvent.Error(
                    new Outcome.Refused<>(Refusal.FORBIDDEN, "No \"way\""), CHANNEL, "r")))
        .isEqualTo(
            "{\"type\":\"error\",\"error\":\"No \\\"way\\\"\",\"code\":\"FORBIDDEN\","
                + "\"channel\":\"c\",\"ref\":\"r\"}");
  }

  private String encoded(ServerEvent event) {
    return payload(frames.encode(event));
  }

  private static String message(String eventType, String clientId, String data) {
    return payload(
        new PushFloWireFormat(0)
            .encode(publication(eventType, clientId, data.getBytes(StandardCharsets.UTF_8))));
  }

  private static Publication publication(String eventType, String clientId, byte[] data) {
    return new Publication(KEY, HEAD, "m1", eventType, clientId, data, 1_700_000_000_000L);
  }

  /// The payload of a final text frame, whose header must tell its length.
  private static String payload(byte[] frame) {
    assertThat(frame[0]).isEqualTo((byte) 0x81);
    int length = frame[1];
    int header = length == 126 ? 4 : length == 127 ? 10 : 2;
    if (length >= 126) {
      length = 0;
      for (int i = 2; i < header; i++) {
        length = length << 8 | (frame[i] & 0xFF);
      }
    }
    assertThat(frame.length - header).isEqualTo(length);
    return new String(Arrays.copyOfRange(frame, header, frame.length), StandardCharsets.UTF_8);
  }
}
