package dev.pushgate.gateway.protocol.pushflo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.channel.Start;
import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.gateway.session.ClientCommand;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PushFloCommandsTest {
  private static final int MAX_DATA_BYTES = 1_000;
  private static final int MAX_REWIND = 100;

  private final PushFloCommands commands = new PushFloCommands(MAX_DATA_BYTES, MAX_REWIND);

  @Test
  void subscribeIsReadWithItsFieldsInAnyOrder() {
    for (String frame :
        new String[] {
          "{\"type\":\"subscribe\",\"channel\":\"orders:1\",\"ref\":\"a\"}",
          "{\"ref\":\"a\",\"channel\":\"orders:1\",\"type\":\"subscribe\"}",
          " {\"x\":[{\"channel\":2}],\"ref\":\"a\",\"type\":\"subscribe\",\"channel\":\"orders:1\"}\n"
        }) {
      ClientCommand.Subscribe subscribe = (ClientCommand.Subscribe) decode(frame);
      assertThat(subscribe.channel().value()).isEqualTo("orders:1");
      assertThat(subscribe.start()).isEqualTo(Start.LIVE);
      assertThat(subscribe.ref()).isEqualTo("a");
    }
  }

  @Test
  void aWishToBePresentIsReadWithItsInfoByteForByte() {
    String subscribe = "{\"type\":\"subscribe\",\"channel\":\"c\",%s}";
    assertThat(wish(subscribe.formatted("\"presence\":true,\"info\":{\"a\" : 1}")))
        .isEqualTo(new ClientCommand.Presence("{\"a\" : 1}"));
    assertThat(wish(subscribe.formatted("\"presence\":true,\"info\":null")))
        .isEqualTo(new ClientCommand.Presence(null));
    assertThat(wish(subscribe.formatted("\"presence\":false,\"info\":1"))).isNull();
    assertThat(wish(subscribe.formatted("\"info\":1"))).isNull();
    assertThat(decode(subscribe.formatted("\"presence\":1")))
        .isInstanceOf(ClientCommand.Malformed.class);
    assertThat(decode("{\"type\":\"presence\",\"channel\":\"c\",\"info\":[1 ],\"ref\":\"r\"}"))
        .isEqualTo(new ClientCommand.UpdatePresence(new ChannelName("c"), "[1 ]", "r"));
    assertThat(decode("{\"type\":\"presence\",\"channel\":\"c\"}"))
        .isInstanceOfSatisfying(
            ClientCommand.Malformed.class,
            wrong -> assertThat(wrong.refused().sentence()).isEqualTo("info is required"));
  }

  private ClientCommand.@Nullable Presence wish(String text) {
    return ((ClientCommand.Subscribe) decode(text)).presence();
  }

  @Test
  void sinceAndRewindAreRead() {
    assertThat(start("\"since\":{\"epoch\":\"e1\",\"offset\":41}"))
        .isEqualTo(new Start.Since(new StreamPosition("e1", 41)));
    assertThat(start("\"since\":{\"offset\":0,\"more\":[],\"epoch\":\"ä\"}"))
        .isEqualTo(new Start.Since(new StreamPosition("ä", 0)));
    assertThat(start("\"since\":{\"epoch\":\"e1\",\"offset\":9223372036854775807}"))
        .isEqualTo(new Start.Since(new StreamPosition("e1", Long.MAX_VALUE)));
    assertThat(start("\"rewind\":0")).isEqualTo(new Start.Rewind(0));
    assertThat(start("\"rewind\":100")).isEqualTo(new Start.Rewind(100));
    assertThat(start("\"rewind\":null,\"since\":null")).isEqualTo(Start.LIVE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"rewind\":-1                      | rewind must be a whole number from 0 to 100",
        "\"rewind\":101                     | rewind must be a whole number from 0 to 100",
        "\"rewind\":99999999999999999999999 | rewind must be a whole number from 0 to 100",
        "\"rewind\":1.5                     | rewind must be a whole number from 0 to 100",
        "\"rewind\":1e2                     | rewind must be a whole number from 0 to 100",
        "\"rewind\":\"1\"                   | rewind must be a whole number from 0 to 100",
        "\"rewind\":1,\"since\":{\"epoch\":\"e\",\"offset\":1}  | rewind cannot stand beside since",
        "\"since\":7                  | since must be an object",
        "\"since\":[]                 | since must be an object",
        "\"since\":{\"epoch\":\"e\"}  | since.offset is required",
        "\"since\":{\"epoch\":null}   | since.epoch is required; since.offset is required",
        "\"since\":{\"epoch\":\"e\",\"offset\":1,\"offset\":2}"
            + "                       | since is not valid: the key \"offset\" appears twice",
        "\"since\":{\"epoch\":5,\"offset\":1}        | since.epoch must be a string",
        "\"since\":{\"epoch\":\"\",\"offset\":1}     | since.epoch must be 1 to 64 characters",
        "\"since\":{\"epoch\":\"e\",\"offset\":-1}"
            + " | since.offset must be a whole number from 0 to 9223372036854775807",
        "\"since\":{\"epoch\":\"e\",\"offset\":9223372036854775808}"
            + " | since.offset must be a whole number from 0 to 9223372036854775807",
        "\"since\":{\"epoch\":\"e\",\"offset\":\"1\"}"
            + " | since.offset must be a whole number from 0 to 9223372036854775807",
      })
  void aBadStartIsRefusedByItsField(String fields, String sentence) {
    ClientCommand command =
        decode("{\"type\":\"subscribe\",\"channel\":\"c\",\"ref\":\"r\"," + fields + "}");
    ClientCommand.Malformed malformed = (ClientCommand.Malformed) command;
    assertThat(malformed.refused().refusal()).isEqualTo(Refusal.VALIDATION_ERROR);
    assertThat(malformed.refused().sentence()).isEqualTo(sentence);
    assertThat(malformed.ref()).isEqualTo("r");
    assertThat(malformed.channel()).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"channel\":\"\"",
        "\"channel\":\".\"",
        "\"channel\":\"..\"",
        "\"channel\":\"a b\"",
        "\"channel\":\"a/b\"",
        "\"channel\":\"a\\u0000b\"",
        "\"channel\":\"\\ud800\"",
        "\"channel\":\"ä\"",
        "\"channel\":5",
        "\"channel\":null",
        "\"channel\":{}",
        "\"channel\":[\"c\"]",
        "\"x\":1"
      })
  void aBadChannelIsRefusedByItsName(String field) {
    for (String type : new String[] {"subscribe", "unsubscribe", "publish"}) {
      String frame = "{\"type\":\"" + type + "\"," + field + ",\"data\":1,\"ref\":\"r\"}";
      ClientCommand.Malformed malformed = (ClientCommand.Malformed) decode(frame);
      assertThat(malformed.refused().details()).containsOnlyKeys("channel");
      assertThat(malformed.ref()).isEqualTo("r");
    }
  }

  @Test
  void aNameOf200CharactersPassesAndOneOf201DoesNot() {
    String frame = "{\"type\":\"unsubscribe\",\"channel\":\"%s\"}";
    assertThat(decode(frame.formatted("c".repeat(200))))
        .isInstanceOf(ClientCommand.Unsubscribe.class);
    assertThat(decode(frame.formatted("c".repeat(201))))
        .isInstanceOf(ClientCommand.Malformed.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\": 1.0, \"b\":[ ]}",
        "\"text with \\\"quotes\\\" and \\ud800\"",
        "\"\"",
        "\"𝄞äé\"",
        "17",
        "-0.10e+5",
        "123456789012345678901234567890.5",
        "null",
        "true",
        "false",
        "[1,2 , {}]",
        "{\"k\":1,\"k\":2}",
        "{\"\\udc00\":{\"\\ud800x\":1}}"
      })
  void dataIsCarriedToTheByte(String data) {
    for (String frame :
        new String[] {
          "{\"type\":\"publish\",\"channel\":\"c\",\"data\":%s}",
          "{\"ä𝄞\":\"ß\",\"data\" : \t %s \n ,\"channel\":\"c\",\"type\":\"publish\"}",
          "{\"data\":%s,\"type\":\"publish\",\"eventType\":\"message\",\"channel\":\"c\"}"
        }) {
      ClientCommand.Publish publish = (ClientCommand.Publish) decode(frame.formatted(data));
      assertThat(new String(publish.data(), StandardCharsets.UTF_8)).isEqualTo(data);
      assertThat(publish.eventType()).isEqualTo("message");
      assertThat(publish.id()).isNull();
    }
  }

  @Test
  void longNumbersAndLongNamesInDataPass() {
    String data = "[" + "9".repeat(400) + ",{\"" + "n".repeat(400) + "\":1}]";
    ClientCommand.Publish publish =
        (ClientCommand.Publish)
            decode("{\"type\":\"publish\",\"channel\":\"c\",\"data\":" + data + "}");
    assertThat(publish.data()).hasSize(data.length());
  }

  @Test
  void dataAtTheLimitPassesAndOneByteMoreIsRefused() {
    String frame = "{\"type\":\"publish\",\"channel\":\"c\",\"data\":\"%s\",\"ref\":\"r\"}";
    assertThat(decode(frame.formatted("x".repeat(MAX_DATA_BYTES - 2))))
        .isInstanceOf(ClientCommand.Publish.class);
    ClientCommand.Malformed over =
        (ClientCommand.Malformed) decode(frame.formatted("x".repeat(MAX_DATA_BYTES - 1)));
    assertThat(over.refused().refusal()).isEqualTo(Refusal.PAYLOAD_TOO_LARGE);
    assertThat(over.ref()).isEqualTo("r");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"eventType\":7,\"data\":1             | eventType",
        "\"eventType\":\"\",\"data\":1          | eventType",
        "\"eventType\":\"\\u0000\",\"data\":1   | eventType",
        "\"eventType\":\"\\udc00\",\"data\":1   | eventType",
        "\"id\":\"\",\"data\":1                 | id",
        "\"id\":[],\"data\":1                   | id",
        "\"eventType\":\"x\"                    | data",
      })
  void aBadPublishIsRefusedByItsField(String fields, String field) {
    ClientCommand.Malformed malformed =
        (ClientCommand.Malformed) decode("{\"type\":\"publish\",\"channel\":\"c\"," + fields + "}");
    assertThat(malformed.refused().details()).containsOnlyKeys(field);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "subscribe   | \"rewnd\":5      | rewind",
        "subscribe   | \"Presence\":true | presence",
        "subscribe   | \"sinse\":{}     | since",
        "unsubscribe | \"reff\":\"r\"   | null",
        "publish     | \"data\":1,\"event\":\"x\" | eventType",
        "publish     | \"data\":1,\"evnt\":\"x\" | eventType",
        "publish     | \"data\":1,\"evet\":\"x\" | eventType",
        "publish     | \"data\":1,\"events\":\"x\" | eventType",
        "publish     | \"data\":1,\"name\":\"x\" | eventType",
        "publish     | \"content\":1 | data",
        "publish     | \"contnt\":1 | data",
        "presence    | \"info\":1,\"refs\":1 | null",
      })
  void aMisspeltFieldIsRefusedWithWhatWasMeant(String type, String field, String meant) {
    ClientCommand command = decode("{\"type\":\"" + type + "\",\"channel\":\"c\"," + field + "}");
    if (meant.equals("null")) {
      assertThat(command).isNotInstanceOf(ClientCommand.Malformed.class);
    } else {
      ClientCommand.Malformed malformed = (ClientCommand.Malformed) command;
      assertThat(malformed.refused().sentence()).contains("did you mean " + meant + "?");
      assertThat(malformed.channel()).isNotNull();
    }
  }

  @Test
  void whatNoFrameHasIsPassedOver() {
    for (String frame :
        new String[] {
          "{\"type\":\"ping\",\"timestamp\":1}",
          "{\"type\":\"ack\",\"messageId\":\"m\",\"clientId\":\"c\",\"timestamp\":1}",
          "{\"type\":\"subscribe\",\"channel\":\"c\",\"channels\":1,\"filter\":{}}",
          "{\"type\":\"publish\",\"channel\":\"c\",\"data\":1,\"date\":1,\"priority\":2}"
        }) {
      assertThat(decode(frame)).isNotInstanceOf(ClientCommand.Malformed.class);
    }
  }

  @Test
  void namesCountCodePoints() {
    String frame = "{\"type\":\"publish\",\"channel\":\"c\",\"data\":1,\"id\":\"%s\"}";
    assertThat(decode(frame.formatted("\ud83d\ude00".repeat(128))))
        .isInstanceOf(ClientCommand.Publish.class);
    assertThat(decode(frame.formatted("\ud83d\ude00".repeat(129))))
        .isInstanceOf(ClientCommand.Malformed.class);
  }

  @Test
  void namesOf128CharactersPassAndLongerOnesDoNot() {
    String frame = "{\"type\":\"publish\",\"channel\":\"c\",\"data\":1,\"%s\":\"%s\"}";
    for (String field : new String[] {"eventType", "id"}) {
      assertThat(decode(frame.formatted(field, "x".repeat(128))))
          .isInstanceOf(ClientCommand.Publish.class);
      assertThat(decode(frame.formatted(field, "x".repeat(129))))
          .isInstanceOf(ClientCommand.Malformed.class);
    }
  }

  @Test
  void aRefOf64CharactersPassesAndALongerOneDoesNot() {
    String frame = "{\"type\":\"ping\",\"ref\":\"%s\"}";
    assertThat(decode(frame.formatted("x".repeat(64)))).isInstanceOf(ClientCommand.Ping.class);
    ClientCommand.Malformed malformed =
        (ClientCommand.Malformed) decode(frame.formatted("x".repeat(65)));
    assertThat(malformed.refused().details()).containsOnlyKeys("ref");
    assertThat(decode("{\"type\":\"ping\",\"ref\":1}")).isInstanceOf(ClientCommand.Malformed.class);
  }

  @Test
  void allFieldsThatAreWrongAreToldAtOnce() {
    ClientCommand.Malformed malformed =
        (ClientCommand.Malformed)
            decode("{\"type\":\"publish\",\"channel\":\"c\",\"eventType\":1,\"id\":2}");
    assertThat(malformed.refused().sentence())
        .isEqualTo("data is required; eventType must be a string; id must be a string");
  }

  @Test
  void aTokenIsReadAndNeverShown() {
    ClientCommand.Auth auth =
        (ClientCommand.Auth) decode("{\"type\":\"auth\",\"token\":\"a.b.c\",\"ref\":\"r\"}");
    assertThat(auth.token().reveal()).isEqualTo("a.b.c");
    assertThat(auth.ref()).isEqualTo("r");
    assertThat(auth.toString()).doesNotContain("a.b.c");
  }

  @Test
  void aTokenOf8192CharactersPassesAndALongerOneOrNoneDoesNot() {
    String frame = "{\"type\":\"auth\",\"ref\":\"r\",\"token\":%s}";
    assertThat(decode(frame.formatted("\"" + "x".repeat(8192) + "\"")))
        .isInstanceOf(ClientCommand.Auth.class);
    for (String token : new String[] {"\"" + "x".repeat(8193) + "\"", "\"\"", "null", "1"}) {
      ClientCommand.Malformed malformed = (ClientCommand.Malformed) decode(frame.formatted(token));
      assertThat(malformed.refused().details()).containsOnlyKeys("token");
      assertThat(malformed.ref()).isEqualTo("r");
    }
  }

  private Start start(String fields) {
    return ((ClientCommand.Subscribe)
            decode("{\"type\":\"subscribe\",\"channel\":\"c\"," + fields + "}"))
        .start();
  }

  private ClientCommand decode(String text) {
    return commands.decode(text.getBytes(StandardCharsets.UTF_8));
  }
}
