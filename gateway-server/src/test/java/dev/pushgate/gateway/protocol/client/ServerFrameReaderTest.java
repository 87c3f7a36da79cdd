package dev.pushgate.gateway.protocol.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.name.StreamPosition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerFrameReaderTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        "null",
        "\"ä\\n\\ud800\"",
        "{ \"k\":1, \"k\":2 }",
        "{\"\\udc00\":1}",
        "[-0.5e+10,99999999999999999999]"
      })
  void aMessagesDataStaysTheTextItIs(String data) {
    String frame =
        "{\"type\":\"message\",\"channel\":\"c\",\"eventType\":\"\\u00e4\","
            + "\"data\":%s,\"offset\":7}";
    assertThat(ServerFrameReader.read(frame.formatted(data)))
        .contains(new ServerFrame.Message("c", 7, "ä", data));
  }

  @Test
  void aNumberOfFiveThousandDigitsPasses() {
    String data = "7".repeat(5_000);
    assertThat(JsonText.isValue(data)).isTrue();
    assertThat(JsonText.properties("{\"data\":" + data + "}"))
        .hasValueSatisfying(properties -> assertThat(properties).containsEntry("data", data));
  }

  @Test
  void anAnswerIsReadWithWhatItLeavesOut() {
    assertThat(
            ServerFrameReader.read(
                "{\"type\":\"subscribed\",\"channel\":\"c\",\"epoch\":\"e\",\"offset\":41}"))
        .contains(new ServerFrame.Subscribed("c", new StreamPosition("e", 41), null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"type\":1}",
        "{\"type\":\"message\",\"channel\":\"c\"}",
        "{\"type\":\"unsubscribed\",\"channel\":\"c\"} x"
      })
  void whatIsNoFrameIsNone(String text) {
    assertThat(ServerFrameReader.read(text)).isEmpty();
  }
}
