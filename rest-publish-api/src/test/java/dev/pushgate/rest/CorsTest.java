package dev.pushgate.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.name.AppId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CorsTest {
  private static final String PAGE = "https://shop.example";
  private static final String OTHER = "https://other.example";

  private final Api api = new Api();

  private TestCall preflight(String path, String origin) {
    return api.call("OPTIONS", path)
        .without("Authorization")
        .header("Origin", origin)
        .header("Access-Control-Request-Method", "POST");
  }

  private Map<String, String> headers(TestCall call, String origin) {
    return call.header("Origin", origin).answer().headers();
  }

  @Test
  void aPreflightIsAnsweredWithoutKey() {
    assertThat(
            preflight("/api/v1/publish", PAGE)
                .header("Access-Control-Request-Headers", "authorization,x-client")
                .gives(204, "")
                .headers())
        .isEqualTo(
            Map.of(
                "Access-Control-Allow-Origin", "*",
                "Access-Control-Allow-Methods", "POST, OPTIONS",
                "Access-Control-Allow-Headers", "authorization,x-client",
                "Access-Control-Max-Age", "7200",
                "Vary", "Origin, Access-Control-Request-Headers"));
  }

  @Test
  void aPreflightThatAsksForNoHeadersIsToldTheUsualOnes() {
    assertThat(preflight("/api/v1/channels/a", PAGE).answer().headers())
        .containsEntry(
            "Access-Control-Allow-Headers",
            "Authorization, Content-Type, Idempotency-Key, X-Request-Id")
        .containsEntry("Access-Control-Allow-Methods", "GET, PATCH, DELETE, HEAD, OPTIONS");
  }

  @Test
  void aPreflightPassesWhenAnyAppAllowsTheOrigin() {
    api.setApp(List.of(PAGE), true);
    api.keyStore.put(Api.app(new AppId("second"), List.of(OTHER), true));
    api.refresh();
    for (String origin : List.of(PAGE, OTHER)) {
      assertThat(preflight("/api/v1/publish", origin).gives(204, "").headers())
          .containsEntry("Access-Control-Allow-Origin", origin);
    }
    preflight("/api/v1/publish", "https://third.example").isRefused(403, "FORBIDDEN");
  }

  @Test
  void aPreflightOfAnUnknownPathIs404() {
    preflight("/api/v1/nothing", PAGE).isRefused(404, "NOT_FOUND");
  }

  @Test
  void plainOptionsTellTheMethods() {
    assertThat(
            api.call("OPTIONS", "/api/v1/publish")
                .without("Authorization")
                .gives(204, "")
                .headers())
        .containsEntry("Allow", "POST, OPTIONS");
  }

  @Test
  void anAnswerIsReadableByTheOriginsOfItsApp() {
    assertThat(headers(api.get("/api/v1/channels"), PAGE))
        .containsEntry("Access-Control-Allow-Origin", "*")
        .containsEntry("Access-Control-Expose-Headers", "X-Request-Id, Retry-After")
        .containsEntry("Vary", "Origin");
    api.setApp(List.of(PAGE), true);
    assertThat(headers(api.get("/api/v1/channels"), PAGE))
        .containsEntry("Access-Control-Allow-Origin", PAGE);
  }

  @Test
  void anAnswerIsNotReadableByOriginsThatOnlyAnotherAppAllows() {
    api.setApp(List.of(PAGE), true);
    api.keyStore.put(Api.app(new AppId("second"), List.of("*"), true));
    api.refresh();
    assertThat(headers(api.get("/api/v1/channels"), OTHER))
        .doesNotContainKey("Access-Control-Allow-Origin")
        .containsEntry("Vary", "Origin");
    assertThat(headers(api.publish("{}"), OTHER)).doesNotContainKey("Access-Control-Allow-Origin");
  }

  @Test
  void refusalsAreReadableToo() {
    api.setApp(List.of(PAGE), true);
    assertThat(headers(api.publish("{}"), PAGE)).containsEntry("Access-Control-Allow-Origin", PAGE);
    assertThat(headers(api.get("/api/v1/keys"), PAGE))
        .containsEntry("Access-Control-Allow-Origin", PAGE);
    for (TestCall call :
        List.of(
            api.get("/nothing"),
            api.call("PUT", "/health"),
            api.get("/api/v1/channels").bearer("nonsense"),
            api.get("/health"))) {
      assertThat(headers(call, PAGE)).containsEntry("Access-Control-Allow-Origin", PAGE);
      assertThat(headers(call, OTHER)).doesNotContainKey("Access-Control-Allow-Origin");
    }
  }

  @Test
  void aMintedTokenIsReadableByTheOriginsOfTheAppWhosePublishKeyIsInTheBody() {
    api.setApp(List.of(PAGE), true);
    api.keyStore.put(Api.app(new AppId("second"), List.of("*"), true));
    api.refresh();
    String good = "{\"publishKey\":\"" + Api.PUB + "\"}";
    String refused = "{\"publishKey\":\"" + Api.PUB + "\",\"ttlSeconds\":0}";
    for (String body : List.of(good, refused)) {
      assertThat(headers(token(body), PAGE)).containsEntry("Access-Control-Allow-Origin", PAGE);
      assertThat(headers(token(body), OTHER)).doesNotContainKey("Access-Control-Allow-Origin");
    }
    assertThat(headers(token("{}").bearer(Api.SEC), OTHER))
        .doesNotContainKey("Access-Control-Allow-Origin");
    assertThat(headers(token("{\"publishKey\":\"unknown\"}"), OTHER))
        .as("of nobody's app: any app's consent does")
        .containsEntry("Access-Control-Allow-Origin", "*");
  }

  private TestCall token(String body) {
    return api.post("/api/v1/auth/token", body).without("Authorization");
  }

  @Test
  void withoutOriginNothingIsSaidAboutIt() {
    assertThat(api.get("/api/v1/channels").answer().headers())
        .doesNotContainKeys("Access-Control-Allow-Origin", "Access-Control-Expose-Headers");
  }
}
