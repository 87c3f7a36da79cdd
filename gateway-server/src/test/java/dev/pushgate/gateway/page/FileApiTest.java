package dev.pushgate.gateway.page;

import static dev.pushgate.gateway.page.FileServer.header;
import static dev.pushgate.gateway.page.FileServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.testing.NoLeaks;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is given away, under which headers, and what is passed on.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(NoLeaks.class)
class FileApiTest {
  private static final Path CLIENT = Path.of("..", "clients", "javascript");

  private final FileServer server = new FileServer(true);
  private final FileServer withoutPage = new FileServer(false);

  @AfterAll
  void close() {
    server.close();
    withoutPage.close();
  }

  @Test
  void theModuleIsTheOneOfTheRepositoryAndAnyPageMayImportIt() throws IOException {
    HttpResponse<byte[]> answer = server.get("/pushgate.js", "origin", "https://app.example");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(Files.readAllBytes(CLIENT.resolve("pushgate.js")));
    assertThat(header(answer, "content-type")).isEqualTo("text/javascript; charset=utf-8");
    assertThat(header(answer, "cache-control")).isEqualTo("no-cache");
    assertThat(header(answer, "vary")).isEqualTo("accept-encoding");
    assertThatAnyPageMayHave(answer);
  }

  private static void assertThatAnyPageMayHave(HttpResponse<byte[]> answer) {
    assertThat(header(answer, "access-control-allow-origin")).isEqualTo("*");
    assertThat(header(answer, "cross-origin-resource-policy")).isEqualTo("cross-origin");
    assertThat(header(answer, "x-content-type-options")).isEqualTo("nosniff");
  }

  @Test
  void theModuleOfThisVersionIsKeptForEver() {
    HttpResponse<byte[]> answer = server.get("/pushgate-" + PublicFiles.version() + ".js");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(server.get("/pushgate.js").body());
    assertThat(header(answer, "cache-control")).isEqualTo("public, max-age=31536000, immutable");
    assertThat(header(answer, "content-type")).isEqualTo("text/javascript; charset=utf-8");
    assertThatAnyPageMayHave(answer);
  }

  @Test
  void theModulesTypesAreThere() throws IOException {
    HttpResponse<byte[]> answer = server.get("/pushgate.d.ts");

    assertThat(answer.body()).isEqualTo(Files.readAllBytes(CLIENT.resolve("pushgate.d.ts")));
    assertThat(header(answer, "content-type")).isEqualTo("application/typescript; charset=utf-8");
    assertThat(header(answer, "cache-control")).isEqualTo("no-cache");
    assertThatAnyPageMayHave(answer);
  }

  @ParameterizedTest
  @CsvSource({
    "/,               text/html; charset=utf-8",
    "/?whatever,      text/html; charset=utf-8",
    "/page.css,       text/css; charset=utf-8",
    "/page-feed.css,  text/css; charset=utf-8",
    "/page.js,        text/javascript; charset=utf-8",
    "/page-start.js,  text/javascript; charset=utf-8",
    "/page-copy.js,   text/javascript; charset=utf-8",
    "/page-feed.js,   text/javascript; charset=utf-8",
    "/page-filter.js, text/javascript; charset=utf-8",
    "/page-plot.js,   text/javascript; charset=utf-8",
    "/page-publish.js,text/javascript; charset=utf-8",
    "/page-state.js,  text/javascript; charset=utf-8",
    "/favicon.svg,    image/svg+xml",
  })
  void thePageAndItsFilesAreForNoOtherPage(String path, String contentType) {
    HttpResponse<byte[]> answer = server.get(path, "origin", "https://app.example");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isNotEmpty();
    assertThat(header(answer, "content-type")).isEqualTo(contentType);
    assertThat(header(answer, "cache-control")).isEqualTo("no-cache");
    assertThat(header(answer, "x-content-type-options")).isEqualTo("nosniff");
    assertThat(header(answer, "cross-origin-resource-policy")).isEqualTo("same-origin");
    assertThat(header(answer, "referrer-policy")).isEqualTo("no-referrer");
    assertThat(answer.headers().map()).doesNotContainKey("access-control-allow-origin");
  }

  @Test
  void thePageTrustsNobodyElse() {
    HttpResponse<byte[]> answer = server.get("/");

    assertThat(header(answer, "content-security-policy"))
        .isEqualTo(
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src"
                + " 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    assertThat(header(answer, "x-frame-options")).isEqualTo("DENY");
    assertThat(header(answer, "cross-origin-opener-policy")).isEqualTo("same-origin");
    assertThat(header(answer, "permissions-policy")).contains("camera=()", "microphone=()");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/pushgate.js", "/"})
  void headIsAnsweredLikeGetWithoutTheBody(String path) {
    HttpResponse<byte[]> head = server.ask("HEAD", path, "");
    HttpResponse<byte[]> get = server.get(path);

    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(header(head, "content-length")).isEqualTo(String.valueOf(get.body().length));
    assertThat(header(head, "etag")).isEqualTo(header(get, "etag")).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({"POST,''", "POST,a body", "PUT,a body", "PATCH,a body", "DELETE,''"})
  void aFileIsOnlyRead(String method, String body) {
    HttpResponse<byte[]> answer = server.ask(method, "/pushgate.js", body);

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(header(answer, "allow")).isEqualTo("GET, HEAD, OPTIONS");
    assertThat(text(answer)).contains("\"code\":\"METHOD_NOT_ALLOWED\"");
    assertThatAnyPageMayHave(answer);
  }

  @Test
  void nobodySendsAnythingAlongWithAQuestionForAFile() {
    assertThat(server.ask("GET", "/pushgate.js", "a body").statusCode()).isEqualTo(413);
  }

  @Test
  void aPreflightIsAYesForTheModuleAndANoForThePage() {
    String[] asking = {"origin", "https://app.example", "access-control-request-method", "GET"};
    HttpResponse<byte[]> module = server.ask("OPTIONS", "/pushgate.js", "", asking);
    HttpResponse<byte[]> page = server.ask("OPTIONS", "/", "", asking);

    assertThat(module.statusCode()).isEqualTo(204);
    assertThat(header(module, "access-control-allow-origin")).isEqualTo("*");
    assertThat(header(module, "access-control-allow-methods")).contains("GET");
    assertThat(page.statusCode()).isEqualTo(204);
    assertThat(header(page, "allow")).isEqualTo("GET, HEAD, OPTIONS");
    assertThat(page.headers().map()).doesNotContainKey("access-control-allow-origin");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/pushgate-9.9.9.js",
        "/pushgate-.js",
        "/index.html",
        "/page/index.html",
        "/client/pushgate.js",
        "/health",
        "/pushgate.js//",
        "/api/v1/channels"
      })
  void whatIsNoFileIsPassedOn(String path) {
    String shown = path.replaceFirst("/$", "");
    assertThat(text(server.get(path))).isEqualTo("passed on: GET " + shown + " []");
  }

  @Test
  void bodiesArePassedOnToo() {
    assertThat(text(server.ask("POST", "/api/v1/publish", "{}")))
        .isEqualTo("passed on: POST /api/v1/publish [{}]");
  }

  @Test
  void withoutThePageTheModuleIsThereAllTheSame() {
    for (String path : new String[] {"/", "/page.css", "/page.js", "/favicon.svg"}) {
      assertThat(text(withoutPage.get(path))).isEqualTo("passed on: GET " + path + " []");
    }
    assertThat(header(withoutPage.get("/pushgate.js"), "content-type"))
        .startsWith("text/javascript");
  }
}
