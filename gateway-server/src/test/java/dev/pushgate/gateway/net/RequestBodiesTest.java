package dev.pushgate.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.net.loop.Transport;
import dev.pushgate.gateway.testing.NoLeaks;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Bodies of requests, whole and in chunks.
@ParameterizedClass
@EnumSource(Transport.class)
@ExtendWith(NoLeaks.class)
class RequestBodiesTest {
  private static final String CRLF = "\r\n";

  private final TestServer server;

  RequestBodiesTest(Transport transport) {
    server = new TestServer(transport);
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void aBodyIsAskedForWhenTheClientWaitsForThat() throws Exception {
    server.start();
    try (RawClient client = server.connect()) {
      client.send(
          "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
      assertThat(client.head().status()).isEqualTo(100);
      assertThat(client.send("abc").answer().body()).isEqualTo("POST / ? [abc]");
    }
  }

  @Test
  void chunkedBodiesAreTakenUpToTheLimit() throws Exception {
    server.start();
    try (RawClient client = server.connect()) {
      String part = "x".repeat(100);
      client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
      for (int i = 0; i < TestServer.MAX_BODY_BYTES / 100; i++) {
        client.send("64;ext=1\r\n" + part + CRLF);
      }
      client.send("0\r\nTrailer: ignored\r\n\r\n");
      assertThat(client.answer().body()).isEqualTo("POST / ? [" + part.repeat(10) + "]");
      assertThat(client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").answer().status()).isEqualTo(200);
    }
  }

  @Test
  void aBodyOfExactlyTheLimitIsTaken() throws Exception {
    server.start();
    try (RawClient client = server.connect()) {
      String body = "b".repeat(TestServer.MAX_BODY_BYTES);
      client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n" + body);
      assertThat(client.answer().body()).isEqualTo("POST / ? [" + body + "]");
    }
  }

  @Test
  void aRequestMayComeByteByByte() throws Exception {
    server.start();
    try (RawClient client = server.connect()) {
      String request = "POST /slow HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc";
      for (int i = 0; i < request.length(); i++) {
        client.send(request.substring(i, i + 1));
      }
      assertThat(client.answer().body()).isEqualTo("POST /slow ? [abc]");
    }
  }
}
