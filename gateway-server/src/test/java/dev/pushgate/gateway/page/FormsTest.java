package dev.pushgate.gateway.page;

import static dev.pushgate.gateway.page.FileServer.header;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.testing.NoLeaks;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/// In which form a file is sent, and when it need not be.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(NoLeaks.class)
class FormsTest {
  private static final String FILE = "/pushgate.js";

  private final FileServer server = new FileServer(true);

  @AfterAll
  void close() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gzip",
        "br, GZIP",
        "gzip;q=0.5, br;q=1.0",
        "x-gzip",
        "*",
        "br;q=0, *;q=0.001",
        "deflate,gzip ; q=1"
      })
  void whoeverTakesGzipGetsIt(String accepted) throws IOException {
    HttpResponse<byte[]> answer = server.get(FILE, "accept-encoding", accepted);

    assertThat(header(answer, "content-encoding")).isEqualTo("gzip");
    assertThat(header(answer, "vary")).isEqualTo("accept-encoding");
    assertThat(new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes())
        .isEqualTo(server.get(FILE).body());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "identity",
        "br",
        "gzip;q=0",
        "gzip;q=0.000",
        "gzip; q=0, *",
        "*, gzip;q=0",
        "*;q=0",
        "gzip;q=much",
        "notgzip",
        ","
      })
  void whoeverDoesNotTakeGzipGetsTheFileItself(String accepted) {
    HttpResponse<byte[]> answer = server.get(FILE, "accept-encoding", accepted);

    assertThat(answer.headers().map()).doesNotContainKey("content-encoding");
    assertThat(header(answer, "vary")).isEqualTo("accept-encoding");
    assertThat(answer.body()).isEqualTo(server.get(FILE).body());
  }

  @Test
  void eachFormHasATagOfItsOwn() {
    String plain = header(server.get(FILE), "etag");
    String gzipped = header(server.get(FILE, "accept-encoding", "gzip"), "etag");

    assertThat(plain).matches("\"[0-9a-f]{24}\"");
    assertThat(gzipped).matches("\"[0-9a-f]{24}-gzip\"").isNotEqualTo(plain);
    assertThat(server.get(FILE, "accept-encoding", "gzip", "if-none-match", plain).statusCode())
        .isEqualTo(200);
    assertThat(server.get(FILE, "accept-encoding", "gzip", "if-none-match", gzipped).statusCode())
        .isEqualTo(304);
  }

  @ParameterizedTest
  @ValueSource(strings = {"%s", "W/%s", "\"other\", %s", "\"other\",W/%s , \"more\"", "*", " * "})
  void whatABrowserHasIsNotSentAgain(String format) {
    String tag = header(server.get(FILE), "etag");
    String held = format.replace("%s", tag);

    HttpResponse<byte[]> answer = server.get(FILE, "if-none-match", held);

    assertThat(answer.statusCode()).isEqualTo(304);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.headers().map()).doesNotContainKey("content-length");
    assertThat(header(answer, "etag")).isEqualTo(tag);
    assertThat(header(answer, "cache-control")).isEqualTo("no-cache");
    assertThat(header(answer, "vary")).isEqualTo("accept-encoding");
    assertThat(header(answer, "access-control-allow-origin")).isEqualTo("*");
    assertThat(header(answer, "x-content-type-options")).isEqualTo("nosniff");
    assertThat(server.get(FILE).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"\"other\"", "W/\"other\"", "", "\"*\"", "TAGWITHOUTQUOTES"})
  void whatABrowserDoesNotHaveIsSent(String held) {
    String tag = header(server.get(FILE), "etag");
    HttpResponse<byte[]> answer =
        held == null
            ? server.get(FILE)
            : server.get(
                FILE,
                "if-none-match",
                held.replace("TAGWITHOUTQUOTES", tag.substring(1, tag.length() - 1)));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isNotEmpty();
  }

  @Test
  void aTagIsThatOfItsBytes() {
    EntityTag one = EntityTag.of("one".getBytes(StandardCharsets.UTF_8), "");

    assertThat(one).isEqualTo(EntityTag.of("one".getBytes(StandardCharsets.UTF_8), ""));
    assertThat(one).isNotEqualTo(EntityTag.of("two".getBytes(StandardCharsets.UTF_8), ""));
    // sha256sum of "one" begins so.
    assertThat(one.text()).startsWith("\"7692c3ad3540bb803c020b3a");
  }
}
