package dev.pushgate.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.auth.Permission;
import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.store.ChannelCatalog.HistoryFilter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HistoryTest {
  private static final String MESSAGES = "/api/v1/channels/orders/messages";
  private static final String EMPTY =
      "{\"success\":true,\"data\":{\"items\":[],\"pagination\":{\"page\":1,\"pageSize\":25,"
          + "\"total\":0,\"totalPages\":0}}}";

  private final Api api = new Api();

  private void archive(String... data) {
    List<Publication> messages = new ArrayList<>();
    for (int i = 1; i <= data.length; i++) {
      messages.add(
          new Publication(
              Api.key("orders"),
              new StreamPosition("e1", i),
              "m" + i,
              "new",
              "me",
              data[i - 1].getBytes(StandardCharsets.UTF_8),
              Api.NOW.toEpochMilli()));
    }
    api.declare("orders", false);
    api.catalog.archives.put(Api.key("orders"), messages);
  }

  private static String message(int offset, String data) {
    return "{\"id\":\"m%d\",\"channelSlug\":\"orders\",\"channel\":\"orders\",\"eventType\":\"new\","
            .formatted(offset)
        + "\"clientId\":\"me\",\"content\":"
        + data
        + ",\"createdAt\":\"2026-11-22T02:48:55.123Z\",\"timestamp\":1795315735123,\"epoch\":\"e1\","
        + "\"offset\":%d}".formatted(offset);
  }

  @Test
  void aPublishKeyReadsWhatIsNotPrivateWhereTheAppLetsIt() {
    archive("1");
    api.declare("secret", true);
    api.get(MESSAGES).bearer(Api.PUB).isRefused(403, "FORBIDDEN");
    api.setPublishKeysRead(true);
    assertThat(api.get(MESSAGES).bearer(Api.PUB).answer().status()).isEqualTo(200);
    api.get("/api/v1/channels/secret/messages").bearer(Api.PUB).isRefused(403, "FORBIDDEN");
    api.channels.privateNames.add(Api.key("was-secret"));
    api.get("/api/v1/channels/was-secret/messages").bearer(Api.PUB).isRefused(403, "FORBIDDEN");
    String token = api.token("other", Permission.HISTORY);
    api.get(MESSAGES).bearer(token).isRefused(403, "FORBIDDEN");
  }

  @Test
  void messagesComeNewestFirstWithTheirContentToTheByte() {
    archive("{ \"a\" : \"\\ud800/ä\" }", "null", "\"x\"");
    api.get(MESSAGES + "?pageSize=2")
        .gives(
            200,
            "{\"success\":true,\"data\":{\"items\":["
                + message(3, "\"x\"")
                + ","
                + message(2, "null")
                + "],\"pagination\":{\"page\":1,\"pageSize\":2,\"total\":3,\"totalPages\":2}}}");
    api.get(MESSAGES + "?pageSize=2&page=2")
        .gives(
            200,
            "{\"success\":true,\"data\":{\"items\":["
                + message(1, "{ \"a\" : \"\\ud800/ä\" }")
                + "],\"pagination\":{\"page\":2,\"pageSize\":2,\"total\":3,\"totalPages\":2}}}");
  }

  @Test
  void filtersReachTheStore() {
    archive();
    api.get(MESSAGES + "?eventType=a%2Bb+c&after=5&before=1795315735123&unknown=1")
        .gives(200, EMPTY);
    assertThat(api.catalog.lastFilter).isEqualTo(new HistoryFilter("a+b c", 5L, 1795315735123L));
    api.get(MESSAGES).gives(200, EMPTY);
    assertThat(api.catalog.lastFilter).isEqualTo(new HistoryFilter(null, null, null));
  }

  @ParameterizedTest
  @CsvSource({
    "after,after=x",
    "after,after=-1",
    "before,before=1.5",
    "before,before=2026-11-22",
    "eventType,eventType=",
    "eventType,eventType=%00",
    "eventType,eventType=%ff",
    "page,page=0",
    "pagesize,pagesize=1",
    "limit,limit=1",
    "limt,limt=1",
    "type,type=new",
    "event,event=new",
    "events,events=new",
    "evnt,evnt=new",
    "evet,evet=new",
    "Evnt,Evnt=new",
    "name,name=new",
    "Page,Page=2",
    "since,since=5"
  })
  void badFiltersAreRefused(String field, String query) {
    archive();
    api.get(MESSAGES + "?" + query).isInvalid(field);
  }

  @Test
  void aChannelThatIsNotDeclaredHasNoHistory() {
    api.get(MESSAGES).isRefused(404, "CHANNEL_NOT_FOUND");
  }

  @Test
  void historyNeedsASecretKeyOrAGrant() {
    api.declare("orders", true);
    api.get(MESSAGES).gives(200, EMPTY);
    api.get(MESSAGES).bearer(Api.MGMT).gives(200, EMPTY);
    api.get(MESSAGES).bearer(api.token("orders", Permission.HISTORY)).gives(200, EMPTY);
    api.get(MESSAGES).bearer(api.token("order", Permission.HISTORY)).isRefused(403, "FORBIDDEN");
    api.get(MESSAGES).bearer(api.token("*", Permission.SUBSCRIBE)).isRefused(403, "FORBIDDEN");
    api.get(MESSAGES).bearer(Api.PUB).isRefused(403, "FORBIDDEN");
  }

  @Test
  void whoMayNotReadDoesNotLearnWhetherThereIsSuchAChannel() {
    api.get(MESSAGES).bearer(Api.PUB).isRefused(403, "FORBIDDEN");
  }

  @Test
  void aStoreThatIsAwayIs503() {
    archive("1");
    api.channels.isStoreAway = true;
    api.get(MESSAGES).isRefused(503, "STORE_UNAVAILABLE");
  }

  @Test
  void aPageThatThereIsNoRoomForIs503AndNotRead() {
    archive("1", "22", "333");
    List<Long> asked = new ArrayList<>();
    ApiResponse refused =
        api.get(MESSAGES + "?pageSize=2")
            .answerIn(
                bytes -> {
                  asked.add(bytes);
                  return false;
                });
    assertThat(asked).containsExactly(5L);
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.headers()).containsEntry("Retry-After", "1");
    assertThat(new String(refused.body(), StandardCharsets.UTF_8)).contains("pageSize");
    assertThat(api.get(MESSAGES).answerIn(bytes -> true).status()).isEqualTo(200);
  }

  @Test
  void aPageThatHasToWaitForItsTurnIsReadThen() {
    archive("1");
    CompletableFuture<Boolean> turn = new CompletableFuture<>();
    AnswerRoom room =
        new AnswerRoom() {
          @Override
          public boolean take(long bytes) {
            return turn.isDone();
          }

          @Override
          public CompletionStage<Boolean> turn() {
            return turn;
          }
        };
    Reception.Read read = (Reception.Read) api.get(MESSAGES).reception();
    CompletableFuture<ApiResponse> answer =
        read.then().answer(api.get(MESSAGES).request(), room).toCompletableFuture();
    assertThat(answer).isNotDone();
    turn.complete(true);
    assertThat(answer.join().status()).isEqualTo(200);
  }

  @Test
  void aRequestIsOnTheAccountOfItsKey() {
    MemoryHolder secret = holder(api.get(MESSAGES));
    MemoryHolder management = holder(api.get(MESSAGES).bearer(Api.MGMT));
    assertThat(secret.app()).isEqualTo(AppId.DEFAULT).isEqualTo(management.app());
    assertThat(secret.credential()).isNotEmpty().isNotEqualTo(management.credential());
    assertThat(secret.address()).as("servers may share theirs").isNull();
    assertThat(management.address()).isNull();
    String token = api.token("orders", Permission.HISTORY);
    assertThat(holder(api.get(MESSAGES).bearer(token)).address()).isEqualTo("127.0.0.1");
    assertThat(holder(api.get("/health").bearer("nobody")))
        .isEqualTo(new MemoryHolder(null, null, "127.0.0.1"));
  }

  private static MemoryHolder holder(TestCall call) {
    return ((Reception.Read) call.reception()).holder();
  }

  @Test
  void aParameterThatLooksLikeNoneIsPassedOverAndSoIsOneBesideWhatItIsLike() {
    archive("1");
    assertThat(api.get(MESSAGES + "?_=17&pageSize=1&limit=1").answer().status()).isEqualTo(200);
  }
}
