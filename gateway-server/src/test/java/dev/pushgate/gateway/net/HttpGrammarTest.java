package dev.pushgate.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.net.RawClient.Answer;
import dev.pushgate.gateway.net.loop.Transport;
import dev.pushgate.gateway.testing.NoLeaks;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// HTTP to the letter: what the RFCs allow is taken, and what they do not is refused with the
/// status they name.
@ParameterizedClass
@EnumSource(Transport.class)
@ExtendWith(NoLeaks.class)
class HttpGrammarTest {
  private static final String END = "\r\n\r\n";
  private static final String CHUNKED = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: ";

  private final TestServer server;

  HttpGrammarTest(Transport transport) {
    server = new TestServer(transport);
  }

  @BeforeEach
  void start() {
    server.start();
  }

  @AfterEach
  void close() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "a:",
        "a:0",
        "a:80",
        "a:65535",
        "a:000080",
        "a.b-c_d~e",
        "a!b",
        "a=b",
        "ex%41mple",
        "%e4%F6",
        "a$&'()*+,;=",
        "1.2.3.4",
        "1.2.3.4:5",
        "[::1]",
        "[::1]:8080",
        "[::ffff:1.2.3.4]",
        "[2001:DB8::7]:1",
        "[v1.a:b]",
        "[vF.a!b:c]:80",
        "",
      })
  void hostsOfTheGrammarAreTaken(String host) throws Exception {
    assertThat(statusOf("GET / HTTP/1.1\r\nHost: " + host + END)).isEqualTo(200);
    if (!host.isEmpty()) {
      assertThat(statusOf("GET http://" + host + "/ HTTP/1.1\r\nHost: h" + END)).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a:abc",
        "a:99999",
        "a:65536",
        "a:-1",
        "a:+1",
        "a:80:80",
        "a: 80",
        "a:8 0",
        ":80",
        "[::1",
        "::1",
        "[::1]x",
        "[::1]:x",
        "[]",
        "[:]",
        "[1.2.3.4]",
        "[::1%25eth0]",
        "[::1%eth0]",
        "[::g]",
        "[1::2::3]",
        "[v.a]",
        "[v1.]",
        "[vg.a]",
        "a]",
        "[a",
        "a%4",
        "a%",
        "a%zz",
        "a@b",
        "a/b",
        "a?b",
        "a#b",
        "a b",
        "a\"b",
        "a\\b",
        "a<b",
        "a|b",
        "a^b",
        "a`b",
        "a{b",
        "\u00e4",
        "a,b:1:2",
      })
  void otherHostsAreRefused(String host) throws Exception {
    assertThat(statusOf("GET / HTTP/1.1\r\nHost: " + host + END)).isEqualTo(400);
    if (!host.contains("/") && !host.contains("?")) {
      assertThat(statusOf("GET http://" + host + "/ HTTP/1.1\r\nHost: h" + END)).isEqualTo(400);
    }
    assertThat(server.requests).isEmpty();
  }

  @Test
  void aHostHasALargestLength() throws Exception {
    assertThat(statusOf("GET / HTTP/1.1\r\nHost: " + "a".repeat(255) + END)).isEqualTo(200);
    assertThat(statusOf("GET / HTTP/1.1\r\nHost: " + "a".repeat(262) + END)).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP/1.2, 200",
    "HTTP/1.9, 200",
    "HTTP/1.0, 200",
    "HTTP/2.0, 505",
    "HTTP/0.9, 505",
    "http/1.1, 400",
    "Http/1.1, 400",
    "hTTP/1.2, 400",
    "HTTP/1.10, 400",
    "HTTP/1, 400",
    "HTTP/1.x, 400",
    "HTTPS/1.1, 400",
  })
  void versionsAreTakenByTheirMajorNumber(String version, int status) throws Exception {
    assertThat(statusOf("GET / " + version + "\r\nHost: h" + END)).isEqualTo(status);
  }

  /// As HTTP/1.1, and not as the 1.0 that closes.
  @Test
  void aLaterMinorVersionKeepsTheConnection() throws Exception {
    try (RawClient client = server.connect()) {
      for (int i = 0; i < 2; i++) {
        Answer answer = client.send("GET / HTTP/1.2\r\nHost: h" + END).answer();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("connection")).isEmpty();
      }
    }
    assertThat(statusOf("GET / HTTP/1.2" + END)).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, 200",
    "HEAD, 200",
    "PUT, 200",
    "DELETE, 200",
    "PATCH, 200",
    "OPTIONS, 200",
    "TRACE, 200",
    "ABC, 501",
    "get, 501",
    "PROPFIND, 501",
    "QUERY, 501",
    "G, 501",
    "GE(T, 400",
  })
  void methodsThatNobodyKnowsAreNotImplemented(String method, int status) throws Exception {
    try (RawClient client = server.connect()) {
      Answer answer = client.send(method + " / HTTP/1.1\r\nHost: h" + END).head();
      assertThat(answer.status()).isEqualTo(status);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "chunked | 200",
        "CHUNKED | 200",
        "' , chunked' | 200",
        "gzip, chunked | 501",
        "gzip,chunked | 501",
        "identity, chunked | 501",
        "x-new;a=b, chunked | 501",
        "gzip | 400",
        "chunked, gzip | 400",
        "chunked, chunked | 400",
        "chunked;a=b | 400",
      })
  void ofTransferCodingsOnlyChunkedIsKnown(String coding, int status) throws Exception {
    assertThat(statusOf(CHUNKED + coding + END + "0" + END)).isEqualTo(status);
  }

  @Test
  void aCodingInALineOfItsOwnCountsToo() throws Exception {
    String codings = "gzip\r\nTransfer-Encoding: chunked";
    assertThat(statusOf(CHUNKED + codings + END + "0" + END)).isEqualTo(501);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "3",
        "03",
        "0000000000003",
        "3;a",
        "3;a=b",
        "3;a=\"b\"",
        "3;a=\"b;c\\\"d\"",
        "3 ; a = b",
        "3;a;b=c;d",
        "3\t;\ta",
        "3;a=\"\"",
      })
  void chunksMayHaveExtensions(String line) throws Exception {
    try (RawClient client = server.connect()) {
      client.send(CHUNKED + "chunked" + END + line + "\r\nabc\r\n" + "0;z=1" + END);
      assertThat(client.answer().body()).isEqualTo("POST / ? [abc]");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "3;", "3  ", "3;a ", "3;;a", "3;=b", "3;a=", "3;a b", "3;a=b c", "3;a=\"b", "3;a=\"b\"c",
            "3;a=\"b\\",
        "3 a", "3,a", ";a", "", " 3", "0x3", "3;a\u0000", "3;\u00e4", "-3", "+3", "3_",
        "100000000", "100000003", "80000000", "fffffffff",
      })
  void otherChunkLinesAreRefused(String line) throws Exception {
    String body = line + "\r\nabc\r\n0" + END + "GET /smuggled HTTP/1.1\r\nHost: h" + END;
    assertThat(statusOf(CHUNKED + "chunked" + END + body)).isEqualTo(400);
    assertThat(server.requests).isEmpty();
  }

  static Stream<String> tooMuchBesideData() {
    return Stream.of(
        "3;a=" + "b".repeat(20_000) + "\r\nabc\r\n0" + END,
        "3;a=" + "b".repeat(9_000) + "\r\nabc\r\n0" + END,
        ("1;a=" + "b".repeat(1_000) + "\r\nx\r\n").repeat(9) + "0" + END,
        "1\r\nx\r\n0;a=" + "b".repeat(9_000) + END);
  }

  @ParameterizedTest
  @MethodSource("tooMuchBesideData")
  void extensionsHaveALimitThatHoldsForTheWholeBody(String body) throws Exception {
    assertThat(statusOf(CHUNKED + "chunked" + END + body)).isEqualTo(400);
    assertThat(server.requests).isEmpty();
  }

  @Test
  void chunkLinesAreReadRightByteByByte() throws Exception {
    try (RawClient client = server.connect()) {
      String sent = CHUNKED + "chunked" + END + "3;a=\"\r\";b\r\nabc\r\n2\r\nde\r\n0" + END;
      for (char c : sent.replace("\"\r\"", "x").toCharArray()) {
        client.send(String.valueOf(c));
      }
      assertThat(client.answer().body()).isEqualTo("POST / ? [abcde]");
      String pieces =
          IntStream.range(0, 500).mapToObj(i -> "1\r\nx\r\n").reduce("", String::concat);
      client.send(CHUNKED + "chunked" + END + pieces + "0" + END);
      assertThat(client.answer().body()).isEqualTo("POST / ? [" + "x".repeat(500) + "]");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/%77s, /ws",
    "/api/v1/%70ublish, /api/v1/publish",
    "/pushgate%2Ejs, /pushgate.js",
    "/%2e%2D%5f%7E%41%5A%30%39, /.-_~AZ09",
    "/a%2Fb, /a%2Fb",
    "/%2577s, /%2577s",
    "/%25%37%37s, /%2577s",
    "/%C3%A4, /%C3%A4",
    "/%, /%",
    "/%7, /%7",
    "/%%37%37s, /%%37%37s",
    "/%zz%77s, /%zz%77s",
  })
  void aPathIsDecodedOnceWhereItNeedNotBeEncoded(String sent, String path) throws Exception {
    statusOf("GET " + sent + "?%77=%77 HTTP/1.1\r\nHost: h" + END);
    assertThat(server.requests.getFirst().path()).isEqualTo(path);
    assertThat(server.requests.getFirst().query()).isEqualTo("%77=%77");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
        "ABC / HTTP/1.1\r\nHost: h\r\n\r\n",
        "no request at all\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9999\r\n\r\n",
        "GET / HTTP/3.0\r\nHost: h\r\n\r\n",
      })
  void everyAnswerHasADate(String sent) throws Exception {
    try (RawClient client = server.connect()) {
      assertThat(client.send(sent).answer().header("date"))
          .isEqualTo("Mon, 02 Nov 2026 03:04:05 GMT");
    }
  }

  private int statusOf(String sent) throws Exception {
    try (RawClient client = server.connect()) {
      return client.send(sent).answer().status();
    }
  }
}
