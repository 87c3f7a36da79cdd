package dev.pushgate.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.auth.Permission;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.publication.Published;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublishTest {
  private static final String RESULT =
      "{\"success\":true,\"data\":{\"id\":\"m1\",\"channelSlug\":\"orders\",\"eventType\":\"%s\","
          + "\"clientId\":\"%s\",\"delivered\":3,\"createdAt\":\"2026-11-22T02:48:55.123Z\","
          + "\"epoch\":\"e1\",\"offset\":1}}";

  private final Api api = new Api();

  PublishTest() {
    api.relay.nowMs = Api.NOW.toEpochMilli();
  }

  @Test
  void aMessageIsPublishedAsInPushFlosExamples() {
    api.publish("{\"channel\":\"orders\",\"event\":\"new\",\"data\":{\"id\":7}}")
        .gives(201, RESULT.formatted("new", "sdk-server"));
    assertThat(api.relay.only().key()).isEqualTo(Api.key("orders"));
    assertThat(api.relay.data()).containsExactly("{\"id\":7}");
    assertThat(api.relay.only().idempotencyKey()).isNull();
    assertThat(api.published).containsExactly(1);
  }

  @Test
  void aMessageIsOnTheAccountOfAClientsAddressToo() {
    api.publish("{\"channel\":\"orders\",\"data\":{}}")
        .bearer(api.token("orders", Permission.PUBLISH))
        .answer();
    assertThat(api.relay.requests.getLast().holder().address()).isEqualTo("127.0.0.1");
    api.publish("{\"channel\":\"orders\",\"data\":{}}").answer();
    assertThat(api.relay.requests.getLast().holder().credential()).isNotNull();
    assertThat(api.relay.requests.getLast().holder().address()).as("of a server").isNull();
  }

  @Test
  void eventTypeAndClientIdHaveDefaults() {
    api.publish("{\"channel\":\"orders\",\"data\":{}}")
        .gives(201, RESULT.formatted("message", "sdk-server"));
  }

  @Test
  void theOtherNamesOfTheFieldsDoAsWell() {
    api.publish("{\"content\":{},\"eventType\":\"new\",\"clientId\":\"me\",\"channel\":\"orders\"}")
        .gives(201, RESULT.formatted("new", "me"));
  }

  @Test
  void fieldsGivenAsNullAreNotGivenButDataIs() {
    api.publish(
            "{\"channel\":\"orders\",\"data\":null,\"event\":null,\"clientId\":null,\"id\":null,"
                + "\"channels\":null}")
        .gives(201, RESULT.formatted("message", "sdk-server"));
    assertThat(api.relay.data()).containsExactly("null");
  }

  @Test
  void thePathCanNameTheChannel() {
    api.post("/api/v1/channels/orders/messages", "{\"content\":[1],\"eventType\":\"x\"}")
        .gives(201, RESULT.formatted("x", "sdk-server"));
    assertThat(api.relay.data()).containsExactly("[1]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"orders:user@1", "orders%3Auser%401", "%6Frders:user%401"})
  void theChannelInThePathMayBePercentEncoded(String slug) {
    assertThat(api.post("/api/v1/channels/" + slug + "/messages", "{\"data\":1}").answer().status())
        .isEqualTo(201);
    assertThat(api.relay.only().key()).isEqualTo(Api.key("orders:user@1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\"text\"", "5", "-1.50e+3", "null", "[ 1,\t2 ]", "{ \"ä\" : \"\\ud800\" }"})
  void anyJsonValueIsCarriedToTheByte(String data) {
    assertThat(api.publish("{\"channel\":\"c\",\"data\": " + data + " }").answer().status())
        .isEqualTo(201);
    assertThat(api.relay.data()).containsExactly(data);
  }

  @Test
  void fieldsThatNobodyKnowsArePassedOver() {
    api.publish("{\"channel\":\"orders\",\"data\":1,\"ttl\":{\"x\":[]},\"priority\":9}")
        .gives(201, RESULT.formatted("message", "sdk-server"));
  }

  @Test
  void dataAtTheLimitPassesAndOneByteMoreDoesNot() {
    String data = "\"" + "x".repeat(Api.MAX_DATA_BYTES - 2) + "\"";
    assertThat(api.publish("{\"channel\":\"c\",\"data\":" + data + "}").answer().status())
        .isEqualTo(201);
    String more = "\"" + "x".repeat(Api.MAX_DATA_BYTES - 1) + "\"";
    assertThat(
            api.publish("{\"channel\":\"c\",\"data\":" + more + "}")
                .isRefused(413, "PAYLOAD_TOO_LARGE"))
        .contains("data must be at most 1000 bytes");
    assertThat(api.relay.requests).hasSize(1);
  }

  @Test
  void aPublishKeyDoesNotPublish() {
    api.publish("{\"channel\":\"c\",\"data\":1}").bearer(Api.PUB).isRefused(403, "FORBIDDEN");
    api.post("/api/v1/channels/c/messages", "nonsense").bearer(Api.PUB).isRefused(403, "FORBIDDEN");
    assertThat(api.relay.requests).isEmpty();
  }

  @Test
  void aManagementKeyPublishes() {
    assertThat(api.publish("{\"channel\":\"c\",\"data\":1}").bearer(Api.MGMT).answer().status())
        .isEqualTo(201);
  }

  @Test
  void aTokenPublishesWhereItIsGrantedAndUnderItsOwnName() {
    String token = api.token("room-*", Permission.PUBLISH);
    api.publish("{\"channel\":\"other\",\"data\":1}").bearer(token).isRefused(403, "FORBIDDEN");
    assertThat(
            api.publish("{\"channel\":\"room-1\",\"data\":1,\"clientId\":\"somebody-else\"}")
                .bearer(token)
                .answer()
                .status())
        .isEqualTo(201);
    assertThat(api.relay.only().clientId()).isEqualTo("fixed");
  }

  @Test
  void aTokenWithoutTheGrantDoesNotPublish() {
    String token = api.token("*", Permission.SUBSCRIBE, Permission.HISTORY);
    api.publish("{\"channel\":\"c\",\"data\":1}").bearer(token).isRefused(403, "FORBIDDEN");
  }

  @Test
  void undeclaredChannelsCanBeSwitchedOff() {
    api.setApp(List.of("*"), false);
    api.declare("known", true);
    api.publish("{\"channel\":\"c\",\"data\":1}").isRefused(404, "CHANNEL_NOT_FOUND");
    assertThat(api.publish("{\"channel\":\"known\",\"data\":1}").answer().status()).isEqualTo(201);
  }

  @Test
  void theSameIdempotencyKeyGetsTheSameAnswerToTheByte() {
    TestCall call =
        api.publish("{\"channel\":\"orders\",\"data\":{}}").header("Idempotency-Key", "k1");
    byte[] first = call.answer().body();
    assertThat(call.answer().body()).isEqualTo(first);
    assertThat(api.publish("{\"channel\":\"orders\",\"data\":{},\"id\":\"k1\"}").answer().body())
        .isEqualTo(first);
    assertThat(api.relay.requests)
        .allSatisfy(request -> assertThat(request.idempotencyKey()).isNotNull());
  }

  @Test
  void aKeyBelongsToWhoeverUsesIt() {
    String body = "{\"channel\":\"c\",\"data\":%s,\"id\":\"order-7-paid\"}";
    String user = api.userToken("u-1", Permission.PUBLISH);
    assertThat(api.publish(body.formatted("1")).bearer(user).answer().status()).isEqualTo(201);
    assertThat(api.publish(body.formatted("2")).answer().status()).isEqualTo(201);
    String other = api.userToken("u-2", Permission.PUBLISH);
    assertThat(api.publish(body.formatted("3")).bearer(other).answer().status()).isEqualTo(201);
    String nobody = api.token("*", Permission.PUBLISH);
    assertThat(api.publish(body.formatted("4")).bearer(nobody).answer().status()).isEqualTo(201);
    assertThat(api.relay.keys()).hasSize(4);

    api.publish(body.formatted("5")).bearer(user).isRefused(409, "CONFLICT");
    String again = api.userToken("u-1", Permission.PUBLISH);
    assertThat(api.publish(body.formatted("1")).bearer(again).answer().status()).isEqualTo(201);
    assertThat(api.relay.keys()).as("the user's first, again").hasSize(4);
  }

  /// Who mints without a client id gets another each time; what a body says beside it is nothing.
  @ParameterizedTest
  @ValueSource(strings = {"", ",\"clientId\":\"spoken\""})
  void aUsersRetryIsTheSameWithATokenOfAnotherClientId(String spoken) {
    String body = "{\"channel\":\"c\",\"data\":1,\"id\":\"order-7-paid\"" + spoken + "}";
    String one = api.userTokenAs("a1", "u-1", Permission.PUBLISH);
    String other = api.userTokenAs("b2", "u-1", Permission.PUBLISH);
    byte[] first = api.publish(body).bearer(one).answer().body();
    assertThat(api.publish(body).bearer(other).answer().body()).isEqualTo(first);
    String changed = body.replace("1,", "2,");
    api.publish(changed).bearer(other).isRefused(409, "CONFLICT");
  }

  @Test
  void aClientIdThatABodyChoosesIsPartOfItsMessage() {
    String body = "{\"channel\":\"c\",\"data\":1,\"clientId\":\"%s\",\"id\":\"k\"}";
    byte[] first = api.publish(body.formatted("ann")).answer().body();
    assertThat(api.publish(body.formatted("ann")).answer().body()).isEqualTo(first);
    api.publish(body.formatted("bob")).isRefused(409, "CONFLICT");
  }

  @Test
  void allServerKeysOfAnAppAreOnePublisher() {
    String body = "{\"channel\":\"c\",\"data\":1,\"id\":\"k\"}";
    byte[] first = api.publish(body).answer().body();
    api.addKey("sec_thenextone0123456789");
    assertThat(api.publish(body).bearer("sec_thenextone0123456789").answer().body())
        .isEqualTo(first);
    assertThat(api.publish(body).bearer(Api.MGMT).answer().body()).isEqualTo(first);
  }

  @ParameterizedTest
  @CsvSource({
    "evnt,event",
    "Event,event",
    "event_type,eventType",
    "datta,data",
    "clientid,clientId",
    "idempotencyKey,id",
    "idempotency_key,id",
    "evt,event",
    "eventName,event",
    "evet,event",
    "events,event",
    "name,event",
    "contnt,content",
    "payload,data",
    "type,eventType"
  })
  void aMisspeltFieldIsRefusedWithWhatWasMeant(String wrong, String meant) {
    String rest = meant.matches("data|content") ? "" : ",\"data\":1";
    assertThat(
            api.publish("{\"channel\":\"c\"" + rest + ",\"" + wrong + "\":\"x\"}")
                .isRefused(422, "VALIDATION_ERROR"))
        .contains("\"" + wrong + "\":[\"is not known here; did you mean " + meant + "?\"]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"date\":1", "\"channelSlug\":\"x\"", "\"eventTyp\":1,\"event\":\"x\""})
  void whatLooksLikeAFieldThatIsGivenIsPassedOver(String more) {
    assertThat(api.publish("{\"channel\":\"c\",\"content\":1," + more + "}").answer().status())
        .isEqualTo(201);
  }

  @Test
  void anotherBodyUnderTheSameKeyIsAConflict() {
    api.publish("{\"channel\":\"c\",\"data\":1,\"id\":\"k\"}").answer();
    api.publish("{\"channel\":\"c\",\"data\":2,\"id\":\"k\"}").isRefused(409, "CONFLICT");
  }

  @Test
  void keysThatContradictEachOtherAreRefused() {
    api.publish("{\"channel\":\"c\",\"data\":1,\"id\":\"a\"}")
        .header("Idempotency-Key", "b")
        .isInvalid("id");
    api.publish("{\"channel\":\"c\",\"data\":1}")
        .header("Idempotency-Key", "k".repeat(129))
        .isInvalid("Idempotency-Key");
    api.publish("{\"channel\":\"c\",\"data\":1}")
        .header("Idempotency-Key", "")
        .isInvalid("Idempotency-Key");
    assertThat(api.relay.requests).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bestellung-ü", "\u20ac", "\ud83d\ude00"})
  void aHeadersKeyIsTheSameTextAsAnId(String key) {
    String longest = key.repeat(128 / key.codePointCount(0, key.length()));
    byte[] first = api.publish("{\"channel\":\"c\",\"data\":1}").utf8Key(longest).answer().body();
    String body = "{\"channel\":\"c\",\"data\":1,\"id\":\"" + longest + "\"}";
    assertThat(api.publish(body).answer().body()).isEqualTo(first);
    assertThat(api.publish(body).utf8Key(longest).answer().body()).isEqualTo(first);
    api.publish("{\"channel\":\"c\",\"data\":1}")
        .utf8Key("\ud83d\ude00".repeat(129))
        .isInvalid("Idempotency-Key");
  }

  @Test
  void aHeadersKeyThatIsNoUtf8IsRefused() {
    api.publish("{\"channel\":\"c\",\"data\":1}")
        .header("Idempotency-Key", "Bestellung-\u00fc")
        .isInvalid("Idempotency-Key");
  }

  @Test
  void aLostRelayOrStoreSaysWhenToComeBack() {
    api.relay.refuseAll(Refusal.STORE_UNAVAILABLE);
    ApiResponse answer = api.publish("{\"channel\":\"c\",\"data\":1}").answer();
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.headers()).containsEntry("Retry-After", "1");
    api.relay.refuseAll(Refusal.RELAY_UNAVAILABLE);
    api.publish("{\"channel\":\"c\",\"data\":1}").isRefused(503, "RELAY_UNAVAILABLE");
    assertThat(api.refusals).containsExactly(Refusal.STORE_UNAVAILABLE, Refusal.RELAY_UNAVAILABLE);
    assertThat(api.published).isEmpty();
  }

  @Test
  void aNodeThatHasTooMuchInHandSaysWhenToComeBackAndABugDoesNot() {
    api.relay.answerWith(
        _ ->
            CompletableFuture.completedStage(
                new Outcome.Refused<>(Refusal.SERVER_ERROR, "This node is full")));
    ApiResponse answer = api.publish("{\"channel\":\"c\",\"data\":1}").answer();
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.headers()).containsEntry("Retry-After", "1");
    assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains("This node is full");
    api.relay.refuseAll(Refusal.SERVER_ERROR);
    api.publish("{\"channel\":\"c\",\"data\":1}").isRefused(500, "SERVER_ERROR");
  }

  @Test
  void aKeyOverItsLimitIsToldWhenToComeBack() {
    api.retryAfter = Optional.of(Duration.ofMillis(2_001));
    ApiResponse answer = api.publish("{\"channel\":\"c\",\"data\":1}").answer();
    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.headers()).containsEntry("Retry-After", "3");
    assertThat(api.refusals).containsExactly(Refusal.RATE_LIMITED);
    assertThat(api.relay.requests).isEmpty();
  }

  @Test
  void theAnswerWaitsForTheRelay() {
    var answer = new CompletableFuture<Outcome<Published>>();
    api.relay.answerWith(request -> answer);
    var response = api.publish("{\"channel\":\"c\",\"data\":1}").later();
    assertThat(response).isNotDone();
    assertThat(answer.complete(api.relay.accept(api.relay.only()))).isTrue();
    assertThat(response.join().status()).isEqualTo(201);
  }

  @Test
  void aFailureIsToldWithoutItsTrace() {
    api.relay.answerWith(request -> CompletableFuture.failedStage(new IllegalStateException("s")));
    api.publish("{\"channel\":\"c\",\"data\":1}")
        .gives(
            500,
            "{\"success\":false,\"error\":\"Something went wrong"
                + " here\",\"code\":\"SERVER_ERROR\"}");
    api.relay.answerWith(
        request -> {
          throw new IllegalStateException("s");
        });
    api.publish("{\"channel\":\"c\",\"data\":1}").isRefused(500, "SERVER_ERROR");
  }
}
