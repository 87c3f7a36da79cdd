package dev.pushgate.gateway.protocol.pushflo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.gateway.session.ClientCommand;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BadFramesTest {
  private final PushFloCommands commands = new PushFloCommands(1_000, 100);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "   ",
        "hello",
        "{",
        "{\"type\":\"ping\"",
        "{\"type\":\"ping\",}",
        "{\"type\":\"ping\"} x",
        "{\"type\":\"ping\"}{}",
        "{'type':'ping'}",
        "{type:\"ping\"}",
        "{\"type\":\"ping\",\"x\":NaN}",
        "{\"type\":\"ping\",\"x\":01}",
        "{\"type\":\"ping\",\"x\":\"\t\"}",
        "{\"type\":\"ping\",\"data\":\"\\x\"}",
        "{\"type\":\"ping\",\"x\":1,/**/\"y\":2}",
        "{\u0000\"\u0000t\u0000",
        "[1,",
        "nul"
      })
  void whatIsNoJsonIsUnreadable(String text) {
    ClientCommand.Unreadable unreadable = (ClientCommand.Unreadable) decode(text);
    assertThat(unreadable.refused().refusal()).isEqualTo(Refusal.INVALID_JSON);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "17",
        "\"ping\"",
        "null",
        "{}",
        "{\"type\":5}",
        "{\"type\":null}",
        "{\"type\":\"PING\"}",
        "{\"type\":\"presences\"}"
      })
  void jsonThatIsNoKnownCommandIsUnknown(String text) {
    ClientCommand.Unknown unknown = (ClientCommand.Unknown) decode(text);
    assertThat(unknown.refused().refusal()).isEqualTo(Refusal.VALIDATION_ERROR);
  }

  @Test
  void fiveHundredLevelsPassAndOneMoreIsRefusedByWhatItIs() {
    String frame = "{\"type\":\"publish\",\"channel\":\"c\",\"data\":%s%s}";
    assertThat(decode(frame.formatted("[".repeat(499), "]".repeat(499))))
        .isInstanceOf(ClientCommand.Publish.class);
    for (String deep :
        new String[] {
          frame.formatted("[".repeat(500), "]".repeat(500)),
          frame.formatted("[".repeat(10_000), "]".repeat(10_000)),
          "[".repeat(10_000)
        }) {
      assertInvalidJson(
          decode(deep), "The frame is not valid JSON: it is nested deeper than 500 levels");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"type\":\"ping\",\"type\":\"ping\"}                   | type",
        "{\"type\":\"ping\",\"ref\":\"a\",\"r\\u0065f\":\"a\"}   | ref",
        "{\"type\":\"publish\",\"data\":1,\"data\":1}            | data",
        "{\"type\":\"unsubscribe\",\"channel\":1,\"channel\":1}  | channel",
        "{\"type\":\"ping\",\"whatever\":1,\"whatever\":2}       | whatever",
      })
  void aKeyThatAFrameHasTwiceIsNamed(String frame, String key) {
    assertInvalidJson(
        decode(frame), "The frame is not valid JSON: the key \"" + key + "\" appears twice");
  }

  private static void assertInvalidJson(ClientCommand command, String sentence) {
    ClientCommand.Malformed malformed = (ClientCommand.Malformed) command;
    assertThat(malformed.refused().refusal()).isEqualTo(Refusal.INVALID_JSON);
    assertThat(malformed.refused().sentence()).isEqualTo(sentence);
  }

  private ClientCommand decode(String text) {
    return commands.decode(text.getBytes(StandardCharsets.UTF_8));
  }
}
