package dev.pushgate.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/// A request in the making, and its answer.
final class TestCall {
  private final RestApi api;
  private final String method;
  private final String path;
  private final String query;
  private final Map<String, String> headers = new TreeMap<>();
  private byte[] body = {};

  TestCall(RestApi api, String method, String target) {
    this.api = api;
    this.method = method;
    int mark = target.indexOf('?');
    this.path = mark < 0 ? target : target.substring(0, mark);
    this.query = mark < 0 ? "" : target.substring(mark + 1);
  }

  TestCall header(String name, String value) {
    headers.put(name.toLowerCase(Locale.ROOT), value);
    return this;
  }

  /// An `Idempotency-Key` as it comes in: a character for each byte of its UTF-8.
  TestCall utf8Key(String key) {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    return header("Idempotency-Key", new String(bytes, StandardCharsets.ISO_8859_1));
  }

  TestCall bearer(String credential) {
    return header("Authorization", "Bearer " + credential);
  }

  TestCall without(String name) {
    headers.remove(name.toLowerCase(Locale.ROOT));
    return this;
  }

  TestCall body(String json) {
    return body(json.getBytes(StandardCharsets.UTF_8));
  }

  TestCall body(byte[] bytes) {
    body = bytes;
    return header("Content-Type", "application/json");
  }

  CompletableFuture<ApiResponse> later() {
    return api.handle(request()).toCompletableFuture();
  }

  ApiRequest request() {
    return request(body);
  }

  private ApiRequest request(byte[] bytes) {
    return new ApiRequest(
        method, path, query, headers, bytes, "127.0.0.1", "http://push.example", "r1");
  }

  /// What its head alone comes to.
  Reception reception() {
    return api.reception(request(new byte[0]));
  }

  /// The answer to a request that was let in by its head, with this room for it.
  ApiResponse answerIn(AnswerRoom room) {
    Reception.Read read = (Reception.Read) reception();
    return read.then().answer(request(), room).toCompletableFuture().join();
  }

  /// The refusal that its head alone comes to.
  Optional<ApiResponse> refusal() {
    return reception() instanceof Reception.Refused(ApiResponse answer)
        ? Optional.of(answer)
        : Optional.empty();
  }

  /// The answer, which must be there at once: everything behind the API is in memory here.
  ApiResponse answer() {
    CompletableFuture<ApiResponse> later = later();
    assertThat(later).as("the answer").isCompleted();
    return later.join();
  }

  /// Checks status and body to the byte, and gives the answer for more.
  ApiResponse gives(int status, String json) {
    ApiResponse answer = answer();
    assertThat(new String(answer.body(), StandardCharsets.UTF_8)).isEqualTo(json);
    assertThat(answer.status()).isEqualTo(status);
    return answer;
  }

  /// Checks status and code, and that the answer has the shape of an error; gives its body.
  String isRefused(int status, String code) {
    ApiResponse answer = answer();
    String text = new String(answer.body(), StandardCharsets.UTF_8);
    assertThat(text)
        .startsWith("{\"success\":false,\"error\":\"")
        .contains("\"code\":\"" + code + "\"");
    assertThat(answer.status()).as(text).isEqualTo(status);
    assertThat(answer.headers()).containsEntry("Content-Type", "application/json");
    return text;
  }

  /// Checks that a field is to blame: 422 and the field in the details.
  void isInvalid(String field) {
    assertThat(isRefused(422, "VALIDATION_ERROR")).contains("\"" + field + "\":[\"");
  }
}
