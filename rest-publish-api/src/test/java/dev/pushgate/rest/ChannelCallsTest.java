package dev.pushgate.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.auth.Permission;
import dev.pushgate.auth.TokenRequest;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.store.DeclaredChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelCallsTest {
  private static final String CHANNELS = "/api/v1/channels";

  private final Api api = new Api();

  private static String channel(String slug, String settings) {
    return "{\"id\":\"id-%s\",%s,\"messageCount\":0,\"createdAt\":\"2026-11-22T02:48:55.123Z\","
            .formatted(slug, settings)
        + "\"updatedAt\":\"2026-11-22T02:48:55.123Z\"}";
  }

  private static String plain(String slug) {
    return channel(
        slug,
        "\"name\":\"The %s\",\"slug\":\"%s\",\"description\":null,\"isPrivate\":false,\"metadata\":null"
            .formatted(slug, slug));
  }

  @Test
  void aChannelIsDeclared() {
    ApiResponse answer =
        api.post(
                CHANNELS,
                "{\"name\":\"Örders\",\"slug\":\"orders-1\",\"description\":\"All\",\"isPrivate\":true,\"metadata\":"
                    + " { \"team\" : [1] } }")
            .answer();
    assertThat(answer.status()).isEqualTo(201);
    assertThat(new String(answer.body(), StandardCharsets.UTF_8).replaceAll("[0-9a-f-]{36}", "ID"))
        .isEqualTo(
            "{\"success\":true,\"data\":{\"id\":\"ID\",\"name\":\"Örders\",\"slug\":\"orders-1\","
                + "\"description\":\"All\",\"isPrivate\":true,\"metadata\":{ \"team\" : [1] },"
                + "\"messageCount\":0,\"createdAt\":\"2026-11-22T02:48:55.123Z\","
                + "\"updatedAt\":\"2026-11-22T02:48:55.123Z\"}}");
    assertThat(api.channels.declared).containsKey(Api.key("orders-1"));
  }

  @Test
  void aSlugIsTakenOnce() {
    String body = "{\"name\":\"A\",\"slug\":\"a\"}";
    assertThat(api.post(CHANNELS, body).answer().status()).isEqualTo(201);
    api.post(CHANNELS, body).isRefused(409, "CONFLICT");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "name        | {'slug':'a'}",
        "name        | {'slug':'a','name':''}",
        "name        | {'slug':'a','name':5}",
        "name        | {'slug':'a','name':'x\\u0000'}",
        "slug        | {'name':'A'}",
        "slug        | {'name':'A','slug':'Upper'}",
        "slug        | {'name':'A','slug':'a--b'}",
        "slug        | {'name':'A','slug':'a:b'}",
        "slug        | {'name':'A','slug':'-a'}",
        "slug        | {'name':'A','slug':''}",
        "slug        | {'name':'A','slug':'..'}",
        "slug        | {'name':'A','slug':7}",
        "description | {'name':'A','slug':'a','description':5}",
        "description | {'name':'A','slug':'a','description':'\\ud800'}",
        "isPrivate   | {'name':'A','slug':'a','isPrivate':'yes'}",
        "metadata    | {'name':'A','slug':'a','metadata':[1]}"
      })
  void theFieldToBlameIsNamed(String field, String body) {
    api.post(CHANNELS, body.replace('\'', '"')).isInvalid(field);
    assertThat(api.channels.declared).isEmpty();
  }

  @Test
  void settingsHaveLimits() {
    String body = "{\"name\":\"A\",\"slug\":\"a\",\"%s\":%s}";
    api.post(CHANNELS, "{\"slug\":\"a\",\"name\":\"" + "x".repeat(201) + "\"}").isInvalid("name");
    api.post(CHANNELS, "{\"name\":\"A\",\"slug\":\"" + "x".repeat(129) + "\"}").isInvalid("slug");
    api.post(CHANNELS, body.formatted("description", "\"" + "x".repeat(2001) + "\""))
        .isInvalid("description");
    api.post(CHANNELS, body.formatted("metadata", "{\"x\":\"" + "x".repeat(16_377) + "\"}"))
        .isInvalid("metadata");
    assertThat(
            api.post(CHANNELS, body.formatted("metadata", "{\"x\":\"" + "x".repeat(16_376) + "\"}"))
                .answer()
                .status())
        .isEqualTo(201);
  }

  @Test
  void aChannelIsFound() {
    api.declare("a", false);
    api.get(CHANNELS + "/a").gives(200, "{\"success\":true,\"data\":" + plain("a") + "}");
    api.get(CHANNELS + "/b").isRefused(404, "CHANNEL_NOT_FOUND");
  }

  @Test
  void channelsAreListedNewestFirstWithPaginationBesideTheData() {
    for (String slug : new String[] {"a", "b", "c"}) {
      api.declare(slug, false);
    }
    ChannelKey foreign = new ChannelKey(new AppId("other"), new ChannelName("z"));
    api.channels.declared.put(
        foreign, new DeclaredChannel("z", foreign, "z", null, false, null, 1, 1));
    api.get(CHANNELS + "?page=1&pageSize=2")
        .gives(
            200,
            "{\"success\":true,\"data\":["
                + plain("c")
                + ","
                + plain("b")
                + "],\"pagination\":{\"page\":1,\"pageSize\":2,\"total\":3,\"totalPages\":2}}");
    api.get(CHANNELS + "?page=2&pageSize=2")
        .gives(
            200,
            "{\"success\":true,\"data\":["
                + plain("a")
                + "],\"pagination\":{\"page\":2,\"pageSize\":2,\"total\":3,\"totalPages\":2}}");
  }

  @Test
  void anEmptyListHasNoPages() {
    api.get(CHANNELS)
        .gives(
            200,
            "{\"success\":true,\"data\":[],\"pagination\":{\"page\":1,\"pageSize\":25,\"total\":0,"
                + "\"totalPages\":0}}");
  }

  @ParameterizedTest
  @CsvSource({
    "page,page=0",
    "page,page=-1",
    "page,page=x",
    "page,page=",
    "page,page",
    "page,page=1.5",
    "page,page=99999999999999999999",
    "pageSize,pageSize=0",
    "pageSize,pageSize=101",
    "pagesize,pagesize=2",
    "limit,limit=2",
    "limt,limt=2",
    "Page,Page=2",
    "page,page=1&page=2",
    "page,page=%zz",
    "query,%ff=1"
  })
  void badPagesAreRefused(String field, String query) {
    api.get(CHANNELS + "?" + query).isInvalid(field);
  }

  @Test
  void settingsAreChangedAndTheOthersStay() {
    api.declare("a", false);
    api.call("PATCH", CHANNELS + "/a")
        .body("{\"description\":\"New\",\"isPrivate\":true,\"metadata\":{\"x\":1},\"slug\":\"a\"}")
        .gives(
            200,
            "{\"success\":true,\"data\":"
                + channel(
                    "a",
                    "\"name\":\"The a\",\"slug\":\"a\",\"description\":\"New\",\"isPrivate\":true,"
                        + "\"metadata\":{\"x\":1}")
                + "}");
    api.call("PATCH", CHANNELS + "/a")
        .body("{\"name\":\"A\"}")
        .gives(
            200,
            "{\"success\":true,\"data\":"
                + channel(
                    "a",
                    "\"name\":\"A\",\"slug\":\"a\",\"description\":\"New\",\"isPrivate\":true,"
                        + "\"metadata\":{\"x\":1}")
                + "}");
  }

  @Test
  void nullClearsWhatCanBeCleared() {
    api.declare("a", false);
    api.call("PATCH", CHANNELS + "/a")
        .body("{\"description\":\"New\",\"metadata\":{\"x\":1}}")
        .answer();
    api.call("PATCH", CHANNELS + "/a")
        .body("{\"description\":null,\"metadata\":null}")
        .gives(200, "{\"success\":true,\"data\":" + plain("a") + "}");
    for (String name : new String[] {"name", "isPrivate", "slug"}) {
      api.call("PATCH", CHANNELS + "/a").body("{\"" + name + "\":null}").isInvalid(name);
    }
  }

  @Test
  void theSlugCannotBeChanged() {
    api.declare("a", false);
    api.call("PATCH", CHANNELS + "/a").body("{\"slug\":\"b\"}").isInvalid("slug");
  }

  @Test
  void whatIsNotDeclaredIsNeitherChangedNorDeleted() {
    api.call("PATCH", CHANNELS + "/a").body("{}").isRefused(404, "CHANNEL_NOT_FOUND");
    api.call("DELETE", CHANNELS + "/a").isRefused(404, "CHANNEL_NOT_FOUND");
  }

  @Test
  void aChannelIsDeleted() {
    api.declare("a", false);
    ApiResponse answer = api.call("DELETE", CHANNELS + "/a").gives(204, "");
    assertThat(answer.headers()).doesNotContainKey("Content-Type");
    assertThat(api.channels.declared).isEmpty();
  }

  @Test
  void publishKeysAndTokensDoNotSeeTheCatalog() {
    String token = api.token("*", Permission.values());
    for (String credential : new String[] {Api.PUB, token}) {
      api.get(CHANNELS).bearer(credential).isRefused(403, "FORBIDDEN");
      api.get(CHANNELS + "/a").bearer(credential).isRefused(403, "FORBIDDEN");
      api.post(CHANNELS, "{}").bearer(credential).isRefused(403, "FORBIDDEN");
      api.call("PATCH", CHANNELS + "/a").body("{}").bearer(credential).isRefused(403, "FORBIDDEN");
      api.call("DELETE", CHANNELS + "/a").bearer(credential).isRefused(403, "FORBIDDEN");
    }
  }

  @Test
  void publishKeysSeeWhatIsNotPrivateWhereTheAppLetsThem() {
    api.declare("open", false);
    api.declare("secret", true);
    api.setPublishKeysRead(true);
    String token =
        api.minter
            .mint(
                api.directory.app(AppId.DEFAULT).orElseThrow(),
                new TokenRequest("me", null, Duration.ofMinutes(5), null, null))
            .token();
    for (String reader : List.of(Api.PUB, token)) {
      assertThat(text(api.get(CHANNELS).bearer(reader)))
          .contains("\"slug\":\"open\"", "\"total\":1")
          .doesNotContain("secret");
      assertThat(text(api.get(CHANNELS + "/open").bearer(reader))).contains("\"slug\":\"open\"");
      api.get(CHANNELS + "/secret").bearer(reader).isRefused(403, "FORBIDDEN");
      api.get(CHANNELS + "/nosuch").bearer(reader).isRefused(404, "CHANNEL_NOT_FOUND");
      api.call("DELETE", CHANNELS + "/open").bearer(reader).isRefused(403, "FORBIDDEN");
    }
    assertThat(text(api.get(CHANNELS))).contains("secret");
    api.get(CHANNELS).bearer(api.token("*", Permission.values())).isRefused(403, "FORBIDDEN");
    api.setPublishKeysRead(false);
    api.get(CHANNELS).bearer(Api.PUB).isRefused(403, "FORBIDDEN");
    api.get(CHANNELS + "/open").bearer(Api.PUB).isRefused(403, "FORBIDDEN");
  }

  private static String text(TestCall call) {
    ApiResponse answer = call.answer();
    assertThat(answer.status()).isEqualTo(200);
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  /// PushFlo's examples look for these words.
  @Test
  void whatIsNotThereIsSaidAsPushFloSaysIt() {
    api.get(CHANNELS + "/nosuch")
        .gives(
            404,
            "{\"success\":false,\"error\":\"Channel not found\",\"code\":\"CHANNEL_NOT_FOUND\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "private",
        "privat",
        "priv",
        "is_private",
        "isprivate",
        "IsPrivate",
        "public",
        "isPublic",
        "is_public",
        "visibility",
        "secret",
        "hidden",
        "protected",
        "authRequired",
        "requireAuth",
        "publc",
        "acess"
      })
  void aPrivateChannelIsNotMadePublicByAMisspeltField(String wrong) {
    assertThat(
            api.post(CHANNELS, "{\"name\":\"A\",\"slug\":\"a\",\"" + wrong + "\":true}")
                .isRefused(422, "VALIDATION_ERROR"))
        .contains("\"" + wrong + "\":[\"is not known here; did you mean isPrivate?\"]");
    assertThat(api.channels.declared).isEmpty();
  }

  @Test
  void whatLooksLikeNoFieldOfAChannelIsPassedOver() {
    api.post(CHANNELS, "{\"name\":\"A\",\"slug\":\"a\",\"color\":\"red\"}").answer();
    assertThat(api.channels.declared).containsKey(Api.key("a"));
  }

  @Test
  void aChannelAsItWasReadCanBeSentBackToChangeIt() {
    api.declare("a", false);
    String read = text(api.get(CHANNELS + "/a"));
    String channel = read.substring(read.indexOf("\"data\":") + 7, read.length() - 1);
    assertThat(api.call("PATCH", CHANNELS + "/a").body(channel).answer().status()).isEqualTo(200);
  }

  @Test
  void aStoreThatIsAwayIsToldWithoutItsName() {
    api.channels.isStoreAway = true;
    String unavailable =
        "{\"success\":false,\"error\":\"The store is not available at"
            + " present\",\"code\":\"STORE_UNAVAILABLE\"}";
    api.get(CHANNELS).gives(503, unavailable);
    api.get(CHANNELS + "/a").gives(503, unavailable);
    api.post(CHANNELS, "{\"name\":\"A\",\"slug\":\"a\"}").gives(503, unavailable);
    assertThat(api.call("DELETE", CHANNELS + "/a").gives(503, unavailable).headers())
        .containsEntry("Retry-After", "1");
  }
}
