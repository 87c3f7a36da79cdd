package dev.pushgate.rest.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pushgate.core.outcome.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

class JsonObjectTest {
  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void textThatIsKnownToBeUtf8IsReadTheSame() throws MalformedJson {
    String data = "[\"ä€😀\",{\"ä€😀\":1}]";
    JsonObject object = JsonObject.ofText(utf8(" {\"ä😀\" : " + data + " } ")).orElseThrow();
    assertThat(object.fields()).containsOnlyKeys("ä😀");
    assertThat(object.fields().values()).extracting(JsonValue::source).containsExactly(data);
    assertThat(JsonObject.ofText(utf8("[\"ä\"]"))).isEmpty();
    assertThat(JsonValue.ofText(utf8(" \"ä😀\" ")).text()).isEqualTo("ä😀");
    for (String text : new String[] {"", " ", "{\"ä\":1", "{\"ä\":ä}", "ä", "{} ä", "\"ä\"\"\""}) {
      assertThatThrownBy(() -> JsonObject.ofText(utf8(text))).isInstanceOf(MalformedJson.class);
      assertThatThrownBy(() -> JsonValue.ofText(utf8(text))).isInstanceOf(MalformedJson.class);
    }
  }

  @Test
  void whatOnlyOurRulesForbidIsToldFromWhatIsNotJson() {
    assertThat(fault("{\"a\":1,\"a\":2}").isJson()).isTrue();
    assertThat(fault("[".repeat(501)).isJson()).isTrue();
    assertThat(fault("{\"a\":1,\"b\":2,}").isJson()).isFalse();
    assertThat(fault("").isJson()).isFalse();
    assertThat(fault("{} {}").isJson()).isFalse();
  }

  private static MalformedJson fault(String text) {
    try {
      JsonObject.ofBytes(utf8(text));
    } catch (MalformedJson e) {
      return e;
    }
    throw new AssertionError("it was read");
  }

  /// Mutations of good JSON: we and Jackson must agree about each, but for what we know it refuses.
  @Test
  void agreesWithJacksonAboutTenThousandMutations() {
    String seed =
        "{\"a\":[1,-2.5e3,true,null,\"x\\n\\u00e4y\",{\"b\":{}}],\"c\":\"ä€😀\",\"d\" : [ ] }";
    Random random = new Random(3);
    String alphabet = "{}[]\",:\\0123456789.eE+-truefalsnxuä \n\t";
    for (int i = 0; i < 10_000; i++) {
      StringBuilder text = new StringBuilder(seed);
      for (int change = random.nextInt(3); change >= 0; change--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(3)) {
          case 0 -> text.deleteCharAt(at);
          case 1 -> text.insert(at, alphabet.charAt(random.nextInt(alphabet.length())));
          default -> text.setCharAt(at, alphabet.charAt(random.nextInt(alphabet.length())));
        }
      }
      String json = text.toString();
      assertThat(isJson(json)).as(json).isEqualTo(isJsonToJackson(json));
    }
  }

  private static boolean isJson(String json) {
    return !(JsonBody.read(utf8("{\"data\":" + json + "}")) instanceof Outcome.Refused);
  }

  private static boolean isJsonToJackson(String json) {
    try (JsonParser parser =
        JsonFactory.builder()
            .build()
            .createParser(ObjectReadContext.empty(), utf8("{\"data\":" + json + "}"))) {
      int depth = 0;
      int objects = 0;
      for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
        objects += depth == 0 ? 1 : 0;
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        parser.finishToken();
      }
      return objects == 1;
    } catch (JacksonException e) {
      return false;
    }
  }
}
