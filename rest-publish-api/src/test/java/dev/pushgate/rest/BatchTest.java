package dev.pushgate.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.auth.Permission;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.publication.PublishRequest;
import dev.pushgate.core.publication.Published;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchTest {
  private static final String BATCH = "/api/v1/publish/batch";

  private final Api api = new Api();

  BatchTest() {
    api.relay.nowMs = Api.NOW.toEpochMilli();
  }

  private static String result(String channel, int offset, int ms) {
    return "{\"success\":true,\"data\":{\"id\":\"m%d\",\"channelSlug\":\"%s\","
            .formatted(offset, channel)
        + "\"eventType\":\"message\",\"clientId\":\"sdk-server\",\"delivered\":3,"
        + "\"createdAt\":\"2026-11-22T02:48:55.%dZ\",\"epoch\":\"e1\",\"offset\":%d}}"
            .formatted(ms, offset);
  }

  private static String messages(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "{\"channel\":\"c" + i + "\",\"data\":" + i + "}")
        .collect(Collectors.joining(",", "{\"messages\":[", "]}"));
  }

  private List<String> keys() {
    return api.relay.requests.stream()
        .map(PublishRequest::idempotencyKey)
        .map(key -> key == null ? "none" : key.value())
        .toList();
  }

  @Test
  void eachMessageHasItsResultInOrder() {
    api.post(
            BATCH,
            "{\"messages\":[{\"channel\":\"a\",\"data\":1},{\"channel\":\"..\",\"data\":2},"
                + "{\"channel\":\"a\",\"data\":3},5]}")
        .gives(
            200,
            "{\"success\":true,\"data\":{\"accepted\":2,\"refused\":2,\"results\":["
                + result("a", 1, 123)
                + ",{\"success\":false,\"error\":\"channel must be 1 to 200 characters of A-Z a-z 0-9"
                + " _ - = @ , . ; : and neither . nor ..\",\"code\":\"VALIDATION_ERROR\"},"
                + result("a", 2, 124)
                + ",{\"success\":false,\"error\":\"It must be a JSON object\","
                + "\"code\":\"VALIDATION_ERROR\"}]}}");
    assertThat(api.relay.data()).containsExactly("1", "3");
    assertThat(api.published).containsExactly(2);
    assertThat(api.refusals).containsExactly(Refusal.VALIDATION_ERROR, Refusal.VALIDATION_ERROR);
  }

  @Test
  void aHundredMessagesPassAndOneMoreDoesNot() {
    assertThat(api.post(BATCH, messages(100)).answer().status()).isEqualTo(200);
    assertThat(api.relay.requests).hasSize(100);
    api.post(BATCH, messages(101)).isInvalid("messages");
    api.post(BATCH, messages(0)).isInvalid("messages");
    api.post(BATCH, "{}").isInvalid("messages");
    api.post(BATCH, "{\"messages\":{}}").isInvalid("messages");
    assertThat(api.relay.requests).hasSize(100);
  }

  @Test
  void eachItemHasItsOwnIdempotencyKey() {
    String body =
        "{\"messages\":[{\"channel\":\"a\",\"data\":1},{\"channel\":\"a\",\"data\":1,\"id\":\"mine\"},"
            + "{\"channel\":\"b\",\"data\":1}]}";
    TestCall call = api.post(BATCH, body).header("Idempotency-Key", "k");
    byte[] first = call.answer().body();
    assertThat(keys()).containsExactly("k#0", "mine", "k#2");
    assertThat(call.answer().body()).isEqualTo(first);
  }

  @Test
  void theBodyCanBringTheIdempotencyKeyOfABatch() {
    api.post(BATCH, "{\"id\":\"k\",\"messages\":[{\"channel\":\"a\",\"data\":1}]}").answer();
    assertThat(keys()).containsExactly("k#0");
    api.post(BATCH, "{\"id\":5,\"messages\":[{\"channel\":\"a\",\"data\":1}]}").isInvalid("id");
  }

  @Test
  void aBatchWithoutOneGoodMessageIsRefusedAsAWhole() {
    api.post(
            BATCH,
            "{\"messages\":[{\"channel\":\"a\"},{\"channel\":\"b\",\"data\":1,\"event\":2},7]}")
        .gives(
            422,
            "{\"success\":false,\"error\":\"Not one message was accepted; details say why\","
                + "\"code\":\"VALIDATION_ERROR\",\"details\":{\"messages[0].data\":[\"is required (or"
                + " content, which is the same)\"],\"messages[1].event\":[\"must be a string\"],"
                + "\"messages[2]\":[\"It must be a JSON object\"]}}");
    assertThat(api.refusals).containsExactly(Refusal.VALIDATION_ERROR);
  }

  @Test
  void aBatchRefusedForOneReasonHasThatCode() {
    api.relay.refuseAll(Refusal.STORE_UNAVAILABLE);
    assertThat(api.post(BATCH, messages(2)).answer().headers()).containsEntry("Retry-After", "1");
    api.post(BATCH, messages(2)).isRefused(503, "STORE_UNAVAILABLE");
    String token = api.token("other", Permission.PUBLISH);
    api.post(BATCH, messages(2)).bearer(token).isRefused(403, "FORBIDDEN");
  }

  @Test
  void aBatchRefusedForSeveralReasonsCanBeTriedAgainIfOneOfThemPasses() {
    api.relay.refuseAll(Refusal.RELAY_UNAVAILABLE);
    api.post(BATCH, "{\"messages\":[{\"channel\":\"a\"},{\"channel\":\"b\",\"data\":1}]}")
        .isRefused(503, "RELAY_UNAVAILABLE");
  }

  @Test
  void oneMessageTooLargeOrWithAKeyTwiceIsRefusedAlone() {
    String large = "\"" + "x".repeat(Api.MAX_DATA_BYTES) + "\"";
    ApiResponse answer =
        api.post(
                BATCH,
                "{\"messages\":[{\"channel\":\"a\",\"data\":"
                    + large
                    + "},{\"channel\":\"a\",\"data\":1,\"data\":2},{\"channel\":\"a\",\"data\":1}]}")
            .answer();
    assertThat(new String(answer.body(), StandardCharsets.UTF_8))
        .contains("\"accepted\":1,\"refused\":2", "PAYLOAD_TOO_LARGE", "INVALID_JSON");
    assertThat(answer.status()).isEqualTo(200);
  }

  @Test
  void allAreStartedInOrderBeforeAnyIsAnswered() {
    List<CompletableFuture<Outcome<Published>>> answers = new ArrayList<>();
    api.relay.answerWith(
        request -> {
          answers.add(new CompletableFuture<>());
          return answers.getLast();
        });
    var response = api.post(BATCH, messages(3)).later();
    assertThat(api.relay.data()).containsExactly("0", "1", "2");
    for (int i : new int[] {2, 0, 1}) {
      assertThat(response).isNotDone();
      assertThat(answers.get(i).complete(api.relay.accept(api.relay.requests.get(i)))).isTrue();
    }
    assertThat(new String(response.join().body(), StandardCharsets.UTF_8))
        .containsSubsequence("\"c0\"", "\"c1\"", "\"c2\"");
  }

  @Test
  void aLimitCountsTheWholeBatch() {
    api.retryAfter = Optional.of(Duration.ofSeconds(7));
    ApiResponse answer = api.post(BATCH, messages(2)).answer();
    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.headers()).containsEntry("Retry-After", "7");
    assertThat(api.relay.requests).isEmpty();
  }

  @Test
  void oneMessageGoesToManyChannels() {
    api.publish("{\"channels\":[\"a\",\"a b\",\"b\"],\"data\":1,\"id\":\"k\"}")
        .gives(
            200,
            "{\"success\":true,\"data\":{\"accepted\":2,\"refused\":1,\"results\":["
                + result("a", 1, 123)
                + ",{\"success\":false,\"error\":\"channel must be 1 to 200 characters of A-Z a-z 0-9"
                + " _ - = @ , . ; : and neither . nor ..\",\"code\":\"VALIDATION_ERROR\"},"
                + result("b", 1, 124)
                + "]}}");
    assertThat(keys()).containsExactly("k", "k");
  }

  @Test
  void aHundredChannelsPassAndOneMoreDoesNot() {
    assertThat(api.publish(channels(100)).answer().status()).isEqualTo(200);
    api.publish(channels(101)).isInvalid("channels");
    assertThat(api.relay.requests).hasSize(100);
  }

  private static String channels(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"c" + i + "\"")
        .collect(Collectors.joining(",", "{\"data\":1,\"channels\":[", "]}"));
  }

  @Test
  void channelsThatAreAllRefusedAreRefusedAsAWhole() {
    api.publish("{\"channels\":[\"..\",5],\"data\":1}").isInvalid("channels[0].channel");
  }
}
