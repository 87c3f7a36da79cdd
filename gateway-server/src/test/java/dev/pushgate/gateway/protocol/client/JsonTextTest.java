package dev.pushgate.gateway.protocol.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.protocol.client.JsonText.Verbatim;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {
  @Test
  void anObjectIsWrittenInOrderWithItsVerbatimParts() {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("text", "a\"b\n");
    properties.put("data", new Verbatim("{ \"x\" : [1] }"));
    properties.put("number", 7L);
    properties.put("yes", true);

    assertThat(JsonText.object(properties))
        .isEqualTo("{\"text\":\"a\\\"b\\n\",\"data\":{ \"x\" : [1] },\"number\":7,\"yes\":true}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{ \"a\": [1, {\"b\":null}] }", "[ ]", "\"x}\\\"\"", "-1.50e3", "true", "null"})
  void aPropertyIsTheTextThatItIs(String value) {
    assertThat(JsonText.properties("{\"before\":\"{\", \"data\" : " + value + " ,\"after\":0}"))
        .hasValueSatisfying(
            properties ->
                assertThat(properties)
                    .containsEntry("data", value)
                    .containsEntry("before", "\"{\"")
                    .containsEntry("after", "0"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[1]", "1", "{\"a\":1", "{\"a\":1} x", "{\"a\":1,}", "nonsense"})
  void whatIsNoObjectHasNoProperties(String text) {
    assertThat(JsonText.properties(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", " {} ", "[1,2]", "\"text\"", "null"})
  void aValueIsRecognized(String text) {
    assertThat(JsonText.isValue(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "hello", "{", "1 2", "[1,]", "'x'", "\"x", "{\"a\":}"})
  void whatIsNoValueIsRecognized(String text) {
    assertThat(JsonText.isValue(text)).isFalse();
  }

  @Test
  void aStringIsUnescaped() {
    assertThat(JsonText.string("\"a\\n\\u00e4\"")).isEqualTo("a\nä");
    assertThat(JsonText.string("12")).isNull();
    assertThat(JsonText.string(null)).isNull();
  }

  @Test
  void lineBreaksBetweenTokensBecomeBlanks() {
    assertThat(JsonText.onOneLine("{\"a\":\r\n1}")).isEqualTo("{\"a\":  1}");
  }
}
