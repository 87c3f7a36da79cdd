package dev.pushgate.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.outcome.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is known of a request before its body has come.
class HeadRefusalsTest {
  private static final String TOKEN = "/api/v1/auth/token";

  private final Api api = new Api();

  @Test
  void aBodyIsReadFromWhoeverShowsAGoodKeyOrToken() {
    assertThat(api.call("POST", "/api/v1/publish").refusal()).isEmpty();
    assertThat(api.call("POST", "/api/v1/publish").bearer(api.token("*")).refusal()).isEmpty();
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
  void aSmallBodyIsReadFromAnybodyWhoAsksForATokenAndALargeOneFromHoldersOfAKey() {
    TestCall call = api.call("POST", TOKEN);
    assertThat(call.reception()).isEqualTo(new Reception.Read(Integer.MAX_VALUE));
    assertThat(call.without("Authorization").reception())
        .isEqualTo(new Reception.Read(HeadRefusals.MAX_STRANGERS_BYTES));
    assertThat(api.refusals).isEmpty();
  }
}
