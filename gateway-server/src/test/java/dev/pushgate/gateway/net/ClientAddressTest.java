package dev.pushgate.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.pushgate.gateway.net.loop.Transport;
import dev.pushgate.gateway.testing.NoLeaks;
import dev.pushgate.rest.ApiRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/// Whom a request is taken to come from, where to, and what follows from too many failures.
@ParameterizedClass
@EnumSource(Transport.class)
@ExtendWith(NoLeaks.class)
class ClientAddressTest {
  private final TestServer server;

  ClientAddressTest(Transport transport) {
    server = new TestServer(transport);
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void withoutAProxyForwardedHeadersAreNotBelieved() throws Exception {
    ApiRequest request =
        ask(false, null, "Host: h:1\r\nX-Forwarded-For: 9.9.9.9\r\nX-Forwarded-Proto: https\r\n");
    assertThat(request.remoteAddress()).isEqualTo("127.0.0.1");
    assertThat(request.publicOrigin()).isEqualTo("http://h:1");
  }

  @Test
  void ofATrustedProxyTheLastAddressIsTaken() throws Exception {
    ApiRequest request =
        ask(
            true,
            null,
            "Host: h\r\nX-Forwarded-For: 1.1.1.1, 2.2.2.2\r\n"
                + "X-Forwarded-For: 3.3.3.3 ,2001:db8::7\r\n"
                + "X-Forwarded-Proto: https\r\n");
    assertThat(request.remoteAddress()).isEqualTo("2001:db8::7");
    assertThat(request.publicOrigin()).isEqualTo("https://h");
  }

  @Test
  void aForwardedAddressThatIsNoneIsPassedOver() throws Exception {
    ApiRequest request =
        ask(true, null, "Host: h\r\nX-Forwarded-For: <script>\r\nX-Forwarded-Proto: gopher\r\n");
    assertThat(request.remoteAddress()).isEqualTo("127.0.0.1");
    assertThat(request.publicOrigin()).isEqualTo("http://h");
  }

  @Test
  void aForwardedAddressMayHaveAPort() throws Exception {
    ApiRequest request =
        ask(true, null, "Host: h\r\nX-Forwarded-For: 1.1.1.1, \"[2001:db8::1]:4711\"\r\n");
    assertThat(request.remoteAddress()).isEqualTo("2001:db8::1");
  }

  @Test
  void aForwardedAddressThatIsNoneIsSaidOnce() throws Exception {
    Logger log = (Logger) LoggerFactory.getLogger(ClientOrigin.class);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    log.addAppender(lines);
    try {
      server.origin = new ClientOrigin(true, null);
      server.start();
      try (RawClient client = server.connect()) {
        for (String entry : List.of("1.2.3.4:80", "nor me", "unknown", "")) {
          client.send("GET / HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: " + entry + "\r\n\r\n");
          client.answer();
        }
        client.send(get("/")).answer();
      }
    } finally {
      log.detachAppender(lines);
    }
    assertThat(lines.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly(
            "X-Forwarded-For ends with \"nor me\", which is no address: the proxy's own is taken for"
                + " its client's");
  }

  @Test
  void theOperatorsOriginOutranksTheHostHeader() throws Exception {
    ApiRequest request = ask(false, "https://push.example.com", "Host: h\r\n");
    assertThat(request.publicOrigin()).isEqualTo("https://push.example.com");
  }

  @Test
  void withoutAHostTheListenersAddressIsTheOrigin() throws Exception {
    server.start();
    try (RawClient client = server.connect()) {
      client.send("GET / HTTP/1.0\r\n\r\n").answer();
    }
    assertThat(server.requests.getFirst().publicOrigin())
        .isEqualTo("http://127.0.0.1:" + server.address().getPort());
  }

  /// A dual-stack proxy writes IPv4 addresses so. As IPv6 they would all be of one network.
  @Test
  void anIpv4AddressMappedIntoIpv6IsTheIpv4Address() throws Exception {
    ApiRequest request = ask(true, null, "Host: h\r\nX-Forwarded-For: ::ffff:203.0.113.7\r\n");
    assertThat(request.remoteAddress()).isEqualTo("203.0.113.7");
  }

  @Test
  void anAddressHasOneForm() throws Exception {
    ApiRequest request = ask(true, null, "Host: h\r\nX-Forwarded-For: 2001:DB8:0:0::0007\r\n");
    assertThat(request.remoteAddress()).isEqualTo("2001:db8::7");
  }

  @Test
  void whatFailsTooOftenIsRefusedUntilSomeTimeHasPassedAndWhatIsGoodNever() throws Exception {
    AtomicLong now = new AtomicLong();
    server.guard = new AddressGuard(20, 200, 100, now::get);
    server.api =
        request ->
            CompletableFuture.completedStage(
                TestServer.text(request.path().equals("/bad") ? 401 : 200, ""));
    server.start();
    try (RawClient client = server.connect()) {
      for (int i = 0; i < 200; i++) {
        assertThat(client.send(get("/bad")).answer().status()).isEqualTo(401);
      }
      assertThat(client.send(get("/good")).answer().status()).isEqualTo(200);
      RawClient.Answer refused = client.send(get("/bad")).answer();
      assertThat(refused.status()).isEqualTo(429);
      assertThat(refused.header("retry-after")).isNotEmpty();
      assertThat(refused.header("access-control-expose-headers")).contains("Retry-After");
      assertThat(refused.body()).contains("RATE_LIMITED");
      assertThat(client.send(get("/good")).answer().status()).isEqualTo(200);
    }
    assertThat(server.refusals).containsExactly(429);
    now.addAndGet(50_000_000);
    assertThat(statusOf("/bad")).isEqualTo(401);
    assertThat(statusOf("/bad")).isEqualTo(429);
  }

  private int statusOf(String path) throws Exception {
    try (RawClient client = server.connect()) {
      return client.send(get(path)).answer().status();
    }
  }

  private ApiRequest ask(boolean trust, @Nullable String origin, String headers) throws Exception {
    server.origin = new ClientOrigin(trust, origin);
    server.start();
    try (RawClient client = server.connect()) {
      client.send("GET / HTTP/1.1\r\n" + headers + "\r\n").answer();
    }
    return server.requests.getFirst();
  }

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n";
  }
}
