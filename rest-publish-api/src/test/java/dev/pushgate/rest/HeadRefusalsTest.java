package dev.pushgate.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.outcome.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
  void aSmallBodyIsReadFromAnybodyWhoAsksForAToken() {
    TestCall call = api.call("POST", TOKEN).without("Authorization");
    assertThat(call.header("Content-Length", "16384").refusal()).isEmpty();
    assertThat(api.refusals).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"16385", "100000", "1048576"})
  void aLargeBodyIsReadFromHoldersOfAKeyOnly(String length) {
    TestCall call = api.call("POST", TOKEN).header("Content-Length", length);
    assertThat(call.refusal()).isEmpty();
    assertThat(call.without("Authorization").refusal())
        .hasValueSatisfying(answer -> assertThat(answer.status()).isEqualTo(413));
  }

  @Test
  void aBodyOfUnknownLengthIsReadFromHoldersOfAKeyOnly() {
    TestCall call = api.call("POST", TOKEN);
    assertThat(call.refusal()).isEmpty();
    assertThat(call.without("Authorization").refusal()).isPresent();
  }
}
