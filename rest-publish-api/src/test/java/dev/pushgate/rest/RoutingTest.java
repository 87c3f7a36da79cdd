package dev.pushgate.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.auth.Permission;
import dev.pushgate.core.outcome.Refusal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutingTest {
  private final Api api = new Api();

  @Test
  void healthIsForEverybody() {
    ApiResponse answer =
        api.get("/health")
            .without("Authorization")
            .gives(200, "{\"status\":\"ok\",\"timestamp\":\"2026-11-22T02:48:55.123Z\"}");
    assertThat(answer.headers())
        .isEqualTo(
            Map.of(
                "Content-Type", "application/json", "Cache-Control", "no-store", "Vary", "Origin"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/api",
        "/api/v1",
        "/api/v1/",
        "/api/v2/publish",
        "/api/v1/nothing",
        "/api/v1/channels//messages",
        "/api/v1/channels/a/b/messages",
        "/api/v1/channels/a/messages//",
        "/api/v1/keys/a/b",
        "/api/v1/PUBLISH",
        "/health//",
        "//health"
      })
  void anUnknownPathIs404(String path) {
    api.get(path)
        .gives(
            404,
            "{\"success\":false,\"error\":\"There is nothing at this address\","
                + "\"code\":\"NOT_FOUND\"}");
    assertThat(api.refusals).containsExactly(Refusal.NOT_FOUND);
  }

  @Test
  void headIsAnsweredLikeGet() {
    api.declare("a", false);
    for (String path : List.of("/health", "/api/v1/channels", "/api/v1/channels/a")) {
      ApiResponse get = api.get(path).answer();
      ApiResponse head = api.call("HEAD", path).answer();
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.headers()).isEqualTo(get.headers());
      assertThat(head.body()).isEqualTo(get.body());
    }
  }

  @Test
  void withoutKeyItIs401AndSaysHow() {
    TestCall call = api.get("/api/v1/channels").without("Authorization");
    call.isRefused(401, "UNAUTHORIZED");
    assertThat(call.answer().headers()).containsEntry("WWW-Authenticate", "Bearer");
  }

  @ParameterizedTest
  @CsvSource({
    "Bearer,UNAUTHORIZED",
    "'Bearer  ',UNAUTHORIZED",
    "Basic dTpw,UNAUTHORIZED",
    "sec_0123456789abcdef0123,UNAUTHORIZED",
    "Bearer nonsense,INVALID_TOKEN",
    "Bearer sec_,INVALID_TOKEN",
    "Bearer sec_unknown0123456789ab,INVALID_TOKEN",
    "Bearer a.b.c,INVALID_TOKEN"
  })
  void aKeyThatIsNoneIs401(String header, String code) {
    api.get("/api/v1/channels").header("Authorization", header).isRefused(401, code);
    api.publish("{\"channel\":\"c\",\"data\":1}")
        .header("Authorization", header)
        .isRefused(401, code);
    assertThat(api.relay.requests).isEmpty();
  }

  @Test
  void theSchemeIsReadInAnyCase() {
    assertThat(
            api.get("/api/v1/channels")
                .header("Authorization", "bearer " + Api.SEC)
                .answer()
                .status())
        .isEqualTo(200);
  }

  @Test
  void aTokenWorksWithAndWithoutThePrefixThatClientsInsistOn() {
    String token = api.token("*", Permission.PUBLISH);
    for (String credential : List.of(token, "pub_" + token)) {
      assertThat(api.publish("{\"channel\":\"c\",\"data\":1}").bearer(credential).answer().status())
          .isEqualTo(201);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "APPLICATION/JSON",
        "application/json; charset=utf-8",
        "application/json;charset=UTF-8",
        "application/json ; Charset=\"utf-8\" ; x=y"
      })
  void jsonIsReadUnderAnyOfItsNames(String type) {
    assertThat(
            api.publish("{\"channel\":\"c\",\"data\":1}")
                .header("Content-Type", type)
                .answer()
                .status())
        .isEqualTo(201);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/x-www-form-urlencoded",
        "text/plain",
        "text/json",
        "application/jsonp",
        "",
        "application/json; charset=iso-8859-1",
        "application/json;x=y;charset=utf-16"
      })
  void anotherContentTypeIs415AndSaysWhatToSend(String type) {
    assertThat(
            api.publish("{\"channel\":\"c\",\"data\":1}")
                .header("Content-Type", type)
                .isRefused(415, "UNSUPPORTED_MEDIA_TYPE"))
        .contains("Content-Type: application/json");
  }

  @Test
  void aBodyWithoutContentTypeIsRead() {
    assertThat(
            api.publish("{\"channel\":\"c\",\"data\":1}").without("Content-Type").answer().status())
        .isEqualTo(201);
  }

  @Test
  void compressedBodiesAreRefused() {
    for (String encoding : List.of("gzip", "br", "deflate")) {
      api.publish("{\"channel\":\"c\",\"data\":1}")
          .header("Content-Encoding", encoding)
          .isRefused(415, "UNSUPPORTED_MEDIA_TYPE");
    }
    assertThat(
            api.publish("{\"channel\":\"c\",\"data\":1}")
                .header("Content-Encoding", "identity")
                .answer()
                .status())
        .isEqualTo(201);
  }

  @Test
  void callsWithoutABodyDoNotCareForItsHeaders() {
    assertThat(api.get("/api/v1/channels").header("Content-Type", "text/plain").answer().status())
        .isEqualTo(200);
    api.declare("a", false);
    assertThat(
            api.call("DELETE", "/api/v1/channels/a")
                .header("Content-Type", "application/json")
                .answer()
                .status())
        .isEqualTo(204);
  }
}
