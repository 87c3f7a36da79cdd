package dev.pushgate.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.auth.App;
import dev.pushgate.auth.Permission;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.outcome.Refusal;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is known of a request before its body has come.
class HeadsTest {
  private static final String TOKEN = "/api/v1/auth/token";

  private final Api api = new Api();

  @Test
  void aBodyIsReadFromWhoeverShowsAGoodKeyOrToken() {
    assertThat(api.call("POST", "/api/v1/publish").refusal()).isEmpty();
    String token = api.token("a", Permission.PUBLISH);
    assertThat(api.call("POST", "/api/v1/publish").bearer(token).refusal()).isEmpty();
    assertThat(api.call("POST", "/api/v1/channels/a/messages").bearer(token).refusal()).isEmpty();
  }

  /// A publish key stands in every page: what it may not do costs no room.
  @ParameterizedTest
  @CsvSource({
    "POST, /api/v1/publish",
    "POST, /api/v1/publish/batch",
    "POST, /api/v1/channels/a/messages",
    "POST, /api/v1/channels",
    "PATCH, /api/v1/channels/a",
    "POST, /api/v1/connections/disconnect",
    "POST, /api/v1/connections/unsubscribe",
    "POST, /api/v1/keys"
  })
  void noBodyIsReadFromWhoeverMayNotDoThat(String method, String path) {
    for (String bearer :
        List.of(Api.PUB, api.token("*", Permission.SUBSCRIBE, Permission.HISTORY))) {
      assertThat(api.call(method, path).bearer(bearer).refusal())
          .hasValueSatisfying(answer -> assertThat(answer.status()).isEqualTo(403));
    }
    assertThat(api.refusals).containsExactly(Refusal.FORBIDDEN, Refusal.FORBIDDEN);
  }

  @Test
  void noBodyIsReadOfAMessageForAChannelThatTheTokenDoesNotCover() {
    String token = api.token("mine", Permission.PUBLISH);
    assertThat(api.call("POST", "/api/v1/channels/other/messages").bearer(token).refusal())
        .hasValueSatisfying(answer -> assertThat(answer.status()).isEqualTo(403));
  }

  @Test
  void whereNoBodyIsReadOnlyASmallOneIsTakenIn() {
    for (String path : List.of("/health", "/api/v1/channels/a/messages", "/api/v1/channels")) {
      assertThat(maxBytes(api.call("GET", path))).isEqualTo(Heads.MAX_STRANGERS_BYTES);
    }
    assertThat(maxBytes(api.call("DELETE", "/api/v1/channels/a")))
        .isEqualTo(Heads.MAX_STRANGERS_BYTES);
  }

  @Test
  void aRefusalAtTheHeadIsReadByPagesOfItsAppAlone() {
    api.setApp(List.of("https://ours.example"), true);
    TestCall call = api.call("POST", "/api/v1/publish").bearer(Api.PUB);
    assertThat(call.header("Origin", "https://theirs.example").refusal().orElseThrow().headers())
        .doesNotContainKey("Access-Control-Allow-Origin");
    assertThat(call.header("Origin", "https://ours.example").refusal().orElseThrow().headers())
        .containsEntry("Access-Control-Allow-Origin", "https://ours.example");
  }

  @Test
  void noBodyIsReadWithoutAKeyWhereOneIsNeeded() {
    TestCall call = api.call("POST", "/api/v1/publish").without("Authorization");
    assertThat(call.header("Origin", "https://page.example").refusal())
        .hasValueSatisfying(
            answer -> {
              assertThat(answer.status()).isEqualTo(401);
              assertThat(answer.headers()).containsEntry("WWW-Authenticate", "Bearer");
              assertThat(answer.headers()).containsEntry("Access-Control-Allow-Origin", "*");
            });
    assertThat(api.refusals).containsExactly(Refusal.UNAUTHORIZED);
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /api/v1/publish, sec_unknown, 401",
    "PATCH, /api/v1/channels/a, a.b.c, 401",
    "POST, /api/v1/nothing, sec_0123456789abcdef0123, 404",
    "PUT, /api/v1/channels, sec_0123456789abcdef0123, 405"
  })
  void noBodyIsReadThatComesToNothing(String method, String path, String bearer, int status) {
    assertThat(api.call(method, path).bearer(bearer).refusal())
        .hasValueSatisfying(answer -> assertThat(answer.status()).isEqualTo(status));
    assertThat(api.refusals).hasSize(1);
  }

  @Test
  void aSmallBodyIsReadFromAnybodyWhoAsksForATokenAndALargeOneFromHoldersOfASecretKey() {
    TestCall call = api.call("POST", TOKEN);
    assertThat(maxBytes(call)).isEqualTo(Integer.MAX_VALUE);
    assertThat(maxBytes(call.bearer(Api.PUB))).isEqualTo(Heads.MAX_STRANGERS_BYTES);
    assertThat(maxBytes(call.without("Authorization"))).isEqualTo(Heads.MAX_STRANGERS_BYTES);
    assertThat(api.refusals).isEmpty();
  }

  private static int maxBytes(TestCall call) {
    return ((Reception.Read) call.reception()).maxBytes();
  }

  private static ApiResponse whole(TestCall call, Reception reception) {
    CompletionStage<ApiResponse> answer =
        ((Reception.Read) reception).then().answer(call.request(), AnswerRoom.UNBOUNDED);
    return answer.toCompletableFuture().join();
  }

  @Test
  void whoseHeadWasJudgedIsNotJudgedAgainWithTheBody() {
    String token = api.token("*", Permission.PUBLISH);
    TestCall call = api.publish("{\"channel\":\"a\",\"data\":1}").bearer(token);
    Reception reception = call.reception();
    api.keyStore.put(
        new App(
            AppId.DEFAULT, "default", List.of("*"), true, false, List.of(), Api.NOW)); // no secret
    api.refresh();
    assertThat(whole(call, reception).status()).isEqualTo(201);
    call.isRefused(401, "INVALID_TOKEN"); // by now its signature cannot be checked any more
  }

  @Test
  void aKeyThatIsRevokedWhileTheBodyComesIsRefused() {
    TestCall call = api.publish("{\"channel\":\"a\",\"data\":1}");
    Reception reception = call.reception();
    String id = api.directory.byText(Api.SEC).orElseThrow().id();
    api.call("DELETE", "/api/v1/keys/" + id).bearer(Api.MGMT).gives(204, "");
    assertThat(whole(call, reception).status()).isEqualTo(401);
    assertThat(api.relay.requests).isEmpty();
  }
}
