package dev.pushgate.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pushgate.gateway.net.RawClient.Answer;
import dev.pushgate.gateway.net.loop.Transport;
import dev.pushgate.gateway.testing.NoLeaks;
import dev.pushgate.rest.ApiResponse;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Listening, and the steps of a stop.
@ParameterizedClass
@EnumSource(Transport.class)
@ExtendWith(NoLeaks.class)
class ListenerTest {
  private static final String GET = "GET /x HTTP/1.1\r\nHost: h\r\n\r\n";

  private final TestServer server;
  private final CompletableFuture<ApiResponse> answer = new CompletableFuture<>();

  ListenerTest(Transport transport) {
    server = new TestServer(transport);
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void aPortInUseIsSaidInOneSentence() {
    InetSocketAddress taken = server.start().address();
    GatewayListener second = second();
    assertThatThrownBy(() -> second.listen("127.0.0.1", taken.getPort()))
        .isInstanceOf(CannotListenException.class)
        .hasMessage(
            "port %d is in use on 127.0.0.1: stop what listens there, or choose another port",
            taken.getPort());
  }

  @Test
  void anAddressOfSomebodyElseIsSaidInOneSentence() {
    server.start();
    assertThatThrownBy(() -> second().listen("192.0.2.1", 0))
        .isInstanceOf(CannotListenException.class)
        .hasMessage("cannot listen on 192.0.2.1: it is no address of this machine");
  }

  /// Without asking a name server, whose answers this test does not know.
  @Test
  void aNameWithoutAddressIsSaidInOneSentence() {
    assertThat(CannotListenException.of("nowhere", 1, new UnresolvedAddressException()))
        .hasMessage("cannot listen on nowhere: this name has no address");
  }

  @Test
  void afterTheStopOfAcceptingOpenConnectionsGoOn() throws Exception {
    server.start();
    try (RawClient client = server.connect()) {
      client.send(GET).answer();
      server.listener().stopAccepting();
      // Java lets go of the port in the next round of the loop's selector.
      await().until(this::isRefused);
      assertThat(client.send(GET).answer().status()).isEqualTo(200);
    }
  }

  private boolean isRefused() throws IOException {
    try (RawClient client = server.connect()) {
      return false;
    } catch (ConnectException e) {
      return true;
    }
  }

  @Test
  void aDrainAnswersWhatIsInFlightAndClosesWhatIsIdle() throws Exception {
    server.api = request -> answer;
    server.start();
    try (RawClient working = server.connect();
        RawClient halfway = server.connect();
        RawClient idle = server.connect()) {
      working.send(GET);
      halfway.send(
          "POST /x HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
      assertThat(halfway.head().status()).isEqualTo(100);
      await().until(() -> server.requests.size() == 1 && server.openConnections() == 3);
      server.listener().stopAccepting();
      CompletableFuture<Void> drained =
          server.listener().drainRequests(Duration.ofMinutes(1)).toCompletableFuture();
      assertThat(idle.isAtEnd()).isTrue();
      assertThat(drained).isNotDone();
      answer.complete(TestServer.text(200, "done"));
      halfway.send("ab");
      expectLastAnswer(working);
      expectLastAnswer(halfway);
      drained.join();
      assertThat(server.openConnections()).isZero();
    }
  }

  /// A drain that begins while an answer is on its way finds a connection that is not idle yet, and
  /// whose answer did not say that it was the last.
  @Test
  void aConnectionThatBecomesIdleDuringADrainIsClosed() throws Exception {
    server.api =
        request -> CompletableFuture.completedStage(TestServer.text(200, "x".repeat(50_000_000)));
    server.start();
    try (RawClient client = server.connect()) {
      client.send(GET);
      Answer head = client.head();
      assertThat(head.header("connection")).isEmpty();
      CompletableFuture<Void> drained =
          server.listener().drainRequests(Duration.ofMinutes(1)).toCompletableFuture();
      assertThat(client.rest()).hasSize(50_000_000);
      drained.get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void aDrainEndsAtItsLimit() throws Exception {
    server.api = request -> answer;
    server.start();
    try (RawClient client = server.connect()) {
      client.send(GET);
      await().until(() -> server.requests.size() == 1);
      server.listener().drainRequests(Duration.ofMillis(100)).toCompletableFuture().join();
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void aDrainWithoutConnectionsIsDoneAtOnce() {
    server.start();
    server.listener().drainRequests(Duration.ofMinutes(1)).toCompletableFuture().join();
  }

  @Test
  void socketsAreSpreadOverTheLoopsAndStayThere() throws Exception {
    Set<String> threads = ConcurrentHashMap.newKeySet();
    server.api =
        request -> {
          threads.add(request.path() + " " + Thread.currentThread().getName());
          return CompletableFuture.completedStage(TestServer.text(200, ""));
        };
    server.start();
    for (int i = 0; i < 4; i++) {
      try (RawClient client = server.connect()) {
        for (int j = 0; j < 5; j++) {
          client.send("GET /c" + i + " HTTP/1.1\r\nHost: h\r\n\r\n").answer();
        }
      }
    }
    assertThat(threads).hasSize(4);
    assertThat(threads.stream().map(t -> t.split(" ", 2)[1]).distinct()).hasSize(2);
  }

  private GatewayListener second() {
    return new GatewayListener(
        server.loops,
        new HttpPipeline(
            request -> answer,
            null,
            null,
            status -> {},
            server.origin,
            TestServer.PATIENT,
            server.loops,
            Clock.systemUTC()));
  }

  private static void expectLastAnswer(RawClient client) throws Exception {
    Answer last = client.answer();
    assertThat(last.body()).isEqualTo("done");
    assertThat(last.header("connection")).isEqualTo("close");
    assertThat(client.isAtEnd()).isTrue();
  }
}
