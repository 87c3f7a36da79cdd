package dev.pushgate.rest.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBodyTest {
  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static JsonObject read(String json) {
    return switch (JsonBody.read(utf8(json))) {
      case Outcome.Done<JsonObject>(JsonObject object) -> object;
      case Outcome.Refused<JsonObject> refused -> throw new AssertionError(refused.sentence());
    };
  }

  private static Outcome.Refused<JsonObject> refusal(byte[] body) {
    if (JsonBody.read(body) instanceof Outcome.Refused<JsonObject> refused) {
      return refused;
    }
    throw new AssertionError("it was read");
  }

  private static String field(String json, String name) {
    JsonValue value = read(json).get(name);
    return value == null ? "absent" : value.source();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"x\":1}",
        "[]",
        "[1 ,2]",
        "\"text\"",
        "\"\"",
        "null",
        "true",
        "false",
        "0",
        "-0.5e+10",
        "{ \"b\" : [ { } ] }",
        "\"\\ud800\"",
        "{\"\\udc00\":1,\"\\udc00\":2}",
        "\"\\u0000\"",
        "\"ä€😀\"",
        "1e999999999",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
        "[[[[]]]]",
        "\"\u007f\u2028\""
      })
  void everyValueIsKeptToTheByteWithoutSurroundingBlanks(String value) {
    assertThat(field("{\"a\":0,\"data\" : \t" + value + "\r\n ,\"z\":0}", "data")).isEqualTo(value);
    assertThat(field("{\"data\":" + value + "}", "data")).isEqualTo(value);
  }

  @Test
  void aNumberOfFiveThousandDigitsIsKept() {
    String number = "7".repeat(5_000);
    assertThat(field("{\"data\":" + number + "}", "data")).isEqualTo(number);
  }

  @Test
  void fiftyThousandKeysAreKept() {
    StringBuilder data = new StringBuilder("{");
    for (int i = 0; i < 50_000; i++) {
      data.append(i == 0 ? "" : ",").append("\"key").append(i).append("\":").append(i);
    }
    data.append('}');
    assertThat(field("{\"data\":" + data + "}", "data")).isEqualTo(data.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "  \n",
        "{",
        "}",
        "{\"a\":1",
        "{\"a\":1,}",
        "{\"a\":[1,]}",
        "{\"a\":[,1]}",
        "{,}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\" 1}",
        "{a:1}",
        "{'a':1}",
        "{\"a\":1}x",
        "{\"a\":1} {}",
        "{\"a\":1},",
        "{\"a\":01}",
        "{\"a\":+1}",
        "{\"a\":.5}",
        "{\"a\":5.}",
        "{\"a\":-}",
        "{\"a\":1e}",
        "{\"a\":1e+}",
        "{\"a\":0x1}",
        "{\"a\":NaN}",
        "{\"a\":Infinity}",
        "{\"a\":tru}",
        "{\"a\":truely}",
        "{\"a\":nul",
        "{\"a\":\"",
        "{\"a\":\"\\",
        "{\"a\":\"\\q\"}",
        "{\"a\":\"\\u12g4\"}",
        "{\"a\":\"\\u12",
        "{\"a\":\"x\ny\"}",
        "{\"a\":\"\u0000\"}",
        "{\"a\":/**/1}",
        "{\"a\":1}//",
        "{\"a\":[1 2]}",
        "{\"a\":{\"b\":1 \"c\":2}}",
        "{\"a\":1\f}",
        "[1,]",
        "[1",
        "nope",
        "01",
        "\ufeff{}",
        "{\u00a0}",
        "{\"a\":1]",
        "{\"a\":[}"
      })
  void whatIsNotJsonIsRefusedAsSuch(String text) {
    assertThat(refusal(utf8(text)).refusal()).isEqualTo(Refusal.INVALID_JSON);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "[{\"a\":1}]", "5", " -1.5 ", "\"text\"", "null", "true"})
  void jsonThatIsNoObjectIsNotValidHere(String text) {
    assertThat(refusal(utf8(text)).refusal()).isEqualTo(Refusal.VALIDATION_ERROR);
  }

  @Test
  void theSentenceTellsWhereItWentWrong() {
    assertThat(refusal(utf8("{\"a\":1,}")).sentence())
        .isEqualTo("The body is not valid JSON: expected a key in double quotes at byte 7");
    assertThat(refusal(utf8("")).sentence()).isEqualTo("The body is not valid JSON: it is empty");
    assertThat(refusal(utf8("{\"a\":[1")).sentence())
        .isEqualTo("The body is not valid JSON: it ends too early, at byte 7");
  }

  @Test
  void aKeyThatAppearsTwiceIsNamed() {
    assertThat(refusal(utf8("{\"a\":1,\"b\":2,\"\\u0061\":3}")).sentence())
        .isEqualTo("The body is not valid JSON: the key \"a\" appears twice");
  }

  @Test
  void keysThatAppearTwiceInsideOfAValuePass() {
    assertThat(field("{\"data\":{\"a\":1,\"a\":2}}", "data")).isEqualTo("{\"a\":1,\"a\":2}");
  }

  @Test
  void depthHasALimit() {
    int deepest = JsonScanner.MAX_DEPTH - 1;
    String good = "[".repeat(deepest) + "]".repeat(deepest);
    assertThat(field("{\"data\":" + good + "}", "data")).isEqualTo(good);
    assertThat(refusal(utf8("{\"data\":[" + good + "]}")).sentence())
        .contains("nested deeper than 500 levels");
    assertThat(refusal(utf8("{\"data\":" + "{\"a\":".repeat(10_000))).refusal())
        .isEqualTo(Refusal.INVALID_JSON);
    assertThat(refusal(utf8("[".repeat(10_000))).refusal()).isEqualTo(Refusal.INVALID_JSON);
  }

  @Test
  void bytesThatAreNotUtf8AreRefusedWhereverTheyAre() {
    int[][] sequences = {
      {0x80},
      {0xBF},
      {0xC0, 0xAF},
      {0xC1, 0xBF},
      {0xC3},
      {0xC3, 0x28},
      {0xE0, 0x9F, 0xBF},
      {0xE2, 0x82},
      {0xED, 0xA0, 0x80},
      {0xED, 0xBF, 0xBF},
      {0xF0, 0x8F, 0xBF, 0xBF},
      {0xF0, 0x9F, 0x98},
      {0xF4, 0x90, 0x80, 0x80},
      {0xF5, 0x80, 0x80, 0x80},
      {0xFF},
      {0xFE}
    };
    for (int[] sequence : sequences) {
      for (String around : new String[] {"{\"a\":\"?\"}", "{\"?\":1}", "{\"a\":?}", "?{}", "{}?"}) {
        byte[] body = new byte[around.length() - 1 + sequence.length];
        int mark = around.indexOf('?');
        System.arraycopy(utf8(around), 0, body, 0, mark);
        for (int i = 0; i < sequence.length; i++) {
          body[mark + i] = (byte) sequence[i];
        }
        System.arraycopy(
            utf8(around), mark + 1, body, mark + sequence.length, around.length() - mark - 1);
        assertThat(refusal(body).refusal()).isEqualTo(Refusal.INVALID_JSON);
      }
    }
  }

  @Test
  void utf16IsNotTakenForJson() {
    assertThat(refusal("{\"a\":1}".getBytes(StandardCharsets.UTF_16LE)).refusal())
        .isEqualTo(Refusal.INVALID_JSON);
  }

  @Test
  void stringsAreDecoded() {
    JsonValue value =
        read("{\"s\":\"\\\"\\\\\\/\\b\\f\\n\\r\\tä\\u00e4\\ud83d\\ude00€\\uD800\"}").get("s");
    assertThat(value).isNotNull();
    assertThat(value.text()).isEqualTo("\"\\/\b\f\n\r\tää😀€\ud800");
  }

  @Test
  void elementsAreSlicesAndOneTooManyIsSeen() {
    JsonValue list = read("{\"l\":[ 1 , \"b\",{\"c\":[]} ,null ]}").get("l");
    assertThat(list).isNotNull();
    assertThat(list.elements(9).stream().map(JsonValue::source))
        .containsExactly("1", "\"b\"", "{\"c\":[]}", "null");
    assertThat(list.elements(2)).hasSize(3);
  }
}
