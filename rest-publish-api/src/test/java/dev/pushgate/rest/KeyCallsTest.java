package dev.pushgate.rest;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.pushgate.auth.ApiKey;
import dev.pushgate.auth.Permission;
import dev.pushgate.core.name.AppId;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

class KeyCallsTest {
  private static final String KEYS = "/api/v1/keys";

  private final Api api = new Api();

  private TestCall call(String method, String path) {
    return api.call(method, path).bearer(Api.MGMT);
  }

  private ApiKey stored(String text) {
    return api.directory.byText(text).orElseThrow();
  }

  @Test
  void aKeyIsMadeAndShownOnce() {
    ApiResponse answer =
        call("POST", KEYS)
            .body(
                "{\"kind\":\"secret\",\"label\":\"CI\",\"expiresAt\":\"2027-01-31T12:00:00+01:00\"}")
            .answer();
    assertThat(answer.status()).isEqualTo(201);
    Matcher shape =
        Pattern.compile(
                "\\{\"success\":true,\"data\":\\{\"id\":\"([^\"]+)\",\"kind\":\"secret\","
                    + "\"label\":\"CI\",\"hint\":\"(sec_.{8})\","
                    + "\"createdAt\":\"2026-11-22T02:48:55.123Z\","
                    + "\"expiresAt\":\"2027-01-31T11:00:00.000Z\",\"lastUsedAt\":null,"
                    + "\"revokedAt\":null,\"key\":\"(sec_[A-Za-z0-9_-]{43})\"}}")
            .matcher(new String(answer.body(), StandardCharsets.UTF_8));
    assertThat(shape.matches()).isTrue();
    assertThat(shape.group(3)).startsWith(shape.group(2));
    assertThat(stored(shape.group(3)).id()).isEqualTo(shape.group(1));
    assertThat(new String(call("GET", KEYS).answer().body(), StandardCharsets.UTF_8))
        .contains(shape.group(1), shape.group(2))
        .doesNotContain(shape.group(3), "\"key\":");
  }

  @Test
  void whatACallOfOursDoesNotKnowIsRefusedByName() {
    String refused =
        call("POST", KEYS)
            .body("{\"kind\":\"secret\",\"expires\":\"2027-01-31T12:00:00Z\",\"color\":1}")
            .isRefused(422, "VALIDATION_ERROR");
    assertThat(refused)
        .contains("\"expires\":[\"is not known here; did you mean expiresAt?\"]")
        .contains("\"color\":[\"is not known here\"]");
    api.post("/api/v1/connections/disconnect", "{\"userId\":\"u\",\"channel\":\"c\"}")
        .isInvalid("channel");
  }

  /// However many there are, and however long their names.
  @Test
  void theAnswerToManyUnknownFieldsIsShort() {
    StringBuilder body = new StringBuilder("{\"kind\":\"secret\"");
    for (int i = 0; i < 10_000; i++) {
      body.append(",\"").append("x".repeat(50)).append(i).append("\":1");
    }
    assertThat(
            call("POST", KEYS).body(body.append('}').toString()).isRefused(422, "VALIDATION_ERROR"))
        .hasSizeLessThan(2_000);
  }

  @Test
  void aKeyThatWillWorkLaterIsGivenOutAndLoggedWithItsRequest() {
    Logger logger = (Logger) LoggerFactory.getLogger(KeyCalls.class);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    api.keyStore.goesAwayBehindTheNextChange = true;
    assertThat(call("POST", KEYS).body("{\"kind\":\"secret\"}").answer().status()).isEqualTo(201);
    logger.detachAppender(lines);
    assertThat(lines.list.getFirst().getFormattedMessage())
        .startsWith("Request r1: the new key ")
        .endsWith(" works when the store answers again");
  }

  @Test
  void aLabelHasItsLimit() {
    String body = "{\"kind\":\"secret\",\"label\":\"%s\"}";
    String longest = "x".repeat(ApiKey.MAX_LABEL_LENGTH);
    assertThat(call("POST", KEYS).body(body.formatted(longest)).answer().status()).isEqualTo(201);
    call("POST", KEYS).body(body.formatted(longest + "x")).isInvalid("label");
  }

  @Test
  void keysAreListed() {
    String list = new String(call("GET", KEYS).answer().body(), StandardCharsets.UTF_8);
    assertThat(list)
        .startsWith("{\"success\":true,\"data\":{\"items\":[{\"id\":\"")
        .contains("\"kind\":\"publish\"", "\"kind\":\"secret\"", "\"kind\":\"management\"")
        .contains("\"hint\":\"pub_01234567\"")
        .doesNotContain(Api.PUB, Api.SEC, Api.MGMT);
  }

  @Test
  void aRevokedKeyEndsAtOnceAndIsRevokedOnlyOnce() {
    String path = KEYS + "/" + stored(Api.SEC).id();
    call("DELETE", path).gives(204, "");
    api.get("/api/v1/channels").isRefused(401, "INVALID_TOKEN");
    call("DELETE", path).gives(204, "");
    assertThat(new String(call("GET", KEYS).answer().body(), StandardCharsets.UTF_8))
        .contains("\"revokedAt\":\"2026-11-22T02:48:55.123Z\"");
  }

  @Test
  void theLastManagementKeyStays() {
    call("DELETE", KEYS + "/" + stored(Api.MGMT).id()).isRefused(409, "CONFLICT");
    call("DELETE", KEYS + "/nobody").isRefused(404, "NOT_FOUND");
    call("DELETE", KEYS + "/%ff").isInvalid("id");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kind      | {}",
        "kind      | {'kind':'admin'}",
        "kind      | {'kind':5}",
        "kind      | {'kind':null}",
        "kind      | {'kind':''}",
        "label     | {'kind':'publish','label':5}",
        "label     | {'kind':'publish','label':'\\u0000'}",
        "expiresAt | {'kind':'publish','expiresAt':'tomorrow'}",
        "expiresAt | {'kind':'publish','expiresAt':1795315735123}",
        "expiresAt | {'kind':'publish','expiresAt':'2026-11-22T02:48:55.123Z'}",
        "expiresAt | {'kind':'publish','expiresAt':'2020-01-01T00:00:00Z'}",
        "expiresAt | {'kind':'publish','expiresAt':'+10000-01-01T00:00:00Z'}",
        "expiresAt | {'kind':'publish','expiresAt':'+999999999-12-31T23:59:59Z'}"
      })
  void theFieldToBlameIsNamed(String field, String body) {
    call("POST", KEYS).body(body.replace('\'', '"')).isInvalid(field);
    assertThat(api.directory.keysOf(AppId.DEFAULT)).hasSize(3);
  }

  @Test
  void onlyManagementKeysManageKeys() {
    for (String credential : new String[] {Api.PUB, Api.SEC, api.token("*", Permission.values())}) {
      api.get(KEYS).bearer(credential).isRefused(403, "FORBIDDEN");
      api.post(KEYS, "{\"kind\":\"secret\"}").bearer(credential).isRefused(403, "FORBIDDEN");
      api.call("DELETE", KEYS + "/x").bearer(credential).isRefused(403, "FORBIDDEN");
    }
  }

  @Test
  void aStoreThatIsAwayIs503AndNothingChanges() {
    api.keyStore.isAway = true;
    call("POST", KEYS).body("{\"kind\":\"secret\"}").isRefused(503, "STORE_UNAVAILABLE");
    call("DELETE", KEYS + "/" + stored(Api.SEC).id()).isRefused(503, "STORE_UNAVAILABLE");
    assertThat(call("GET", KEYS).answer().status()).isEqualTo(200);
    assertThat(api.directory.keysOf(AppId.DEFAULT))
        .hasSize(3)
        .allMatch(key -> key.revokedAt() == null);
    api.keyStore.isAway = false;
    api.refresh();
    assertThat(api.directory.keysOf(AppId.DEFAULT))
        .hasSize(3)
        .allMatch(key -> key.revokedAt() == null);
  }
}
