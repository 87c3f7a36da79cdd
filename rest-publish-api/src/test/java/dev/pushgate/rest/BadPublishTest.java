package dev.pushgate.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BadPublishTest {
  private final Api api = new Api();

  @AfterEach
  void nothingIsPublished() {
    assertThat(api.relay.requests).isEmpty();
    assertThat(api.published).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "not json",
        "{\"channel\":\"c\",\"data\":1,}",
        "{\"channel\":\"c\",\"data\":1}}",
        "{\"channel\":\"c\",\"data\":1",
        "\ufeff{\"channel\":\"c\",\"data\":1}",
        "{\"channel\":\"c\",\"data\":1,\"channel\":\"d\"}",
        "{\"channel\":\"c\",\"data\":01}"
      })
  void whatIsNotJsonIs400(String body) {
    api.publish(body).isRefused(400, "INVALID_JSON");
    api.post("/api/v1/channels/c/messages", body).isRefused(400, "INVALID_JSON");
    api.post("/api/v1/publish/batch", body).isRefused(400, "INVALID_JSON");
  }

  @Test
  void tenThousandLevelsAre400() {
    String deep = "[".repeat(10_000) + "]".repeat(10_000);
    api.publish("{\"channel\":\"c\",\"data\":" + deep + "}").isRefused(400, "INVALID_JSON");
  }

  @Test
  void invalidUtf8Is400() {
    byte[] body = "{\"channel\":\"c\",\"data\":\"?\"}".getBytes(StandardCharsets.ISO_8859_1);
    body[body.length - 3] = (byte) 0xFF;
    api.call("POST", "/api/v1/publish").body(body).isRefused(400, "INVALID_JSON");
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "[]", "\"c\"", "null", "[{\"channel\":\"c\",\"data\":1}]"})
  void jsonThatIsNoObjectIs422(String body) {
    api.publish(body).isRefused(422, "VALIDATION_ERROR");
  }

  @Test
  void allThatIsMissingIsNamedAtOnce() {
    api.publish("{}")
        .gives(
            422,
            "{\"success\":false,\"error\":\"channel is required; data is required (or content, which"
                + " is the same)\",\"code\":\"VALIDATION_ERROR\",\"details\":{\"channel\":[\"is"
                + " required\"],\"data\":[\"is required (or content, which is the same)\"]}}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "channel   | {'channel':5,'data':1}",
        "channel   | {'channel':null,'data':1}",
        "channel   | {'channel':['c'],'data':1}",
        "channel   | {'channel':'','data':1}",
        "channel   | {'channel':'.','data':1}",
        "channel   | {'channel':'..','data':1}",
        "channel   | {'channel':'a b','data':1}",
        "channel   | {'channel':'a/b','data':1}",
        "channel   | {'channel':'a\\u0000b','data':1}",
        "channel   | {'channel':'a\\ud800b','data':1}",
        "channel   | {'channel':'ä','data':1}",
        "eventType | {'channel':'c','data':1,'eventType':5}",
        "eventType | {'channel':'c','data':1,'eventType':''}",
        "eventType | {'channel':'c','data':1,'eventType':'\\u0000'}",
        "event     | {'channel':'c','data':1,'event':'\\ud800'}",
        "event     | {'channel':'c','data':1,'event':'\\udc00\\ud800'}",
        "event     | {'channel':'c','data':1,'event':'a','eventType':'a'}",
        "event     | {'channel':'c','data':1,'event':true}",
        "clientId  | {'channel':'c','data':1,'clientId':{}}",
        "clientId  | {'channel':'c','data':1,'clientId':''}",
        "clientId  | {'channel':'c','data':1,'clientId':'x\\u0000'}",
        "id        | {'channel':'c','data':1,'id':''}",
        "id        | {'channel':'c','data':1,'id':7}",
        "id        | {'channel':'c','data':1,'id':'\\ud800'}",
        "data      | {'channel':'c'}",
        "content   | {'channel':'c','data':1,'content':1}",
        "channels  | {'channel':'c','channels':['d'],'data':1}",
        "channels  | {'channels':[],'data':1}",
        "channels  | {'channels':'c','data':1}",
        "channels  | {'channels':['c','d','c'],'data':1}"
      })
  void theFieldToBlameIsNamed(String field, String body) {
    api.publish(body.replace('\'', '"')).isInvalid(field);
  }

  @ParameterizedTest
  @ValueSource(strings = {"eventType", "event", "clientId", "id"})
  void namesAreAtMost128Characters(String field) {
    String text = "x".repeat(129);
    api.publish("{\"channel\":\"c\",\"data\":1,\"" + field + "\":\"" + text + "\"}")
        .isInvalid(field);
  }

  @Test
  void aChannelOf201CharactersIsRefused() {
    String name = "c".repeat(201);
    api.publish("{\"channel\":\"" + name + "\",\"data\":1}").isInvalid("channel");
    api.post("/api/v1/channels/" + name + "/messages", "{\"data\":1}").isInvalid("slug");
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "..", "%2e", "a%20b", "a%2Fb", "%", "a%2", "%zz", "%ff", "ä", "%00"})
  void aPathThatNamesNoChannelIsRefused(String slug) {
    api.post("/api/v1/channels/" + slug + "/messages", "{\"data\":1}").isInvalid("slug");
    api.get("/api/v1/channels/" + slug + "/messages").isInvalid("slug");
    api.get("/api/v1/channels/" + slug).isInvalid("slug");
  }

  @Test
  void halfASurrogatePairInAQuotedKeyDoesNotBreakTheAnswer() {
    assertThat(api.publish("{\"\\ud800\":1,\"\\ud800\":2}").isRefused(400, "INVALID_JSON"))
        .contains("\uFFFD");
  }
}
