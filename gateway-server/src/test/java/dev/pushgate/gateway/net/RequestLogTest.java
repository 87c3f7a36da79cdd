package dev.pushgate.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.pushgate.gateway.testing.LogLines;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestLogTest {
  @ParameterizedTest
  @CsvSource({
    "/api/v1/keys/sec_hidden0123456789secretsecret, /api/v1/keys/sec_hidden01…",
    "/api/v1/keys/%73ec_hidden0123456789secretsecret, /api/v1/keys/sec_hidden01…",
    "/%2573ec_hidden0123456789secretsecret, /sec_hidden01…",
    "/%252573ec%25255fhidden0123456789secretsecret, /sec_hidden01…",
    "/%2%3573ec_hidden0123456789secretsecret, /sec_hidden01…",
    "/eyJhbGciOi%252esecretsecret%2Esecretsecret, /eyJhbGciOi.s…",
    "/%25252525252525252573ec_hidden0123456789secretsecret, (encoded again and again)",
    "/api/v1/channels/mgmt_hidden0123456789secret/messages, "
        + "/api/v1/channels/mgmt_hidden0…/messages",
    "/pub_hidden0123456789.secretsecret.secretsecret, /pub_hidden01…",
    "/eyJhbGciOi.secretsecret.secretsecret, /eyJhbGciOi.s…",
    "/api/v1/channels/orders-7/messages?token=sec_secretsecretsecretse, "
        + "/api/v1/channels/orders-7/messages",
    "/api/v1/channels/a%2Fb%20c/messages, /api/v1/channels/a%2Fb%20c/messages",
  })
  void aKeyOrTokenInAPathIsCutToItsHint(String uri, String shown) {
    assertThat(line(uri, null)).contains("GET " + shown + " with no key").doesNotContain("secrets");
  }

  @Test
  void aKeyIsCalledOneByItsBeginningAlsoWhenItIsTooShort() {
    assertThat(line("/x", "Bearer pub_short")).contains("with key pub_short…");
    assertThat(line("/x", "Bearer sec_hidden0123456789secretsecret"))
        .contains("with key sec_hidden01…,");
    assertThat(line("/x", "Bearer pub_eyJhbGciOi.secrets.secrets")).contains("with a token,");
    assertThat(line("/x", "Basic c2VjcmV0cw==")).contains("with a token,");
  }

  private static String line(String uri, @Nullable String authorization) {
    HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, uri);
    if (authorization != null) {
      request.headers().set("Authorization", authorization);
    }
    try (LogLines lines = new LogLines(RequestLog.class.getName(), Level.DEBUG)) {
      RequestLog.answered(request, "this-one", 404, 0);
      return lines.with("Request this-one: ").getFirst();
    }
  }
}
