package dev.pushgate.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.gateway.net.loop.Transport;
import dev.pushgate.gateway.testing.NoLeaks;
import dev.pushgate.rest.ApiResponse;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients that close their sending half and go on reading, as `nc -N` does.
@ParameterizedClass
@EnumSource(Transport.class)
@ExtendWith(NoLeaks.class)
class HalfClosedTest {
  private static final String GET = "GET /%s HTTP/1.1\r\nHost: h\r\n\r\n";

  private final TestServer server;
  private final CompletableFuture<ApiResponse> answer = new CompletableFuture<>();

  HalfClosedTest(Transport transport) {
    server = new TestServer(transport);
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void anAnswerThatComesLaterStillArrives() throws Exception {
    server.api = request -> answer;
    server.start();
    try (RawClient client = server.connect()) {
      client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc");
      client.socket().shutdownOutput();
      await().until(() -> server.requests.size() == 1);
      answerWhenTheEndWasSeen();
      assertThat(client.answer().body()).isEqualTo("late");
      assertThat(client.isAtEnd()).isTrue();
    }
    await().until(() -> server.openConnections() == 0);
  }

  /// By then the end has been seen where it can be: a connection that came later has been served.
  private void answerWhenTheEndWasSeen() throws Exception {
    CompletableFuture<ApiResponse> first = answer;
    server.api = request -> CompletableFuture.completedStage(TestServer.echo(request));
    for (int i = 0; i < 4; i++) {
      try (RawClient other = server.connect()) {
        assertThat(other.send(GET.formatted("other")).answer().status()).isEqualTo(200);
      }
    }
    first.complete(TestServer.text(200, "late"));
  }

  @Test
  void allRequestsSentAheadAreAnswered() throws Exception {
    server.api =
        request ->
            request.path().equals("/0")
                ? answer
                : CompletableFuture.completedStage(TestServer.echo(request));
    server.start();
    try (RawClient client = server.connect()) {
      StringBuilder sent = new StringBuilder();
      for (int i = 0; i < 50; i++) {
        sent.append(GET.formatted(i));
      }
      client.send(sent.toString());
      client.socket().shutdownOutput();
      await().until(() -> server.requests.size() == 1);
      answer.complete(TestServer.text(200, "late"));
      assertThat(client.answer().body()).isEqualTo("late");
      for (int i = 1; i < 50; i++) {
        assertThat(client.answer().body()).isEqualTo("GET /" + i + " ? []");
      }
      assertThat(client.isAtEnd()).isTrue();
    }
    await().until(() -> server.openConnections() == 0);
  }

  @Test
  void aLargeAnswerIsReadToItsEnd() throws Exception {
    server.api = request -> answer;
    server.start();
    String large = "x".repeat(20_000_000); // more than the system buffers
    try (RawClient client = server.connect()) {
      client.send(GET.formatted("large"));
      client.socket().shutdownOutput();
      await().until(() -> server.requests.size() == 1);
      answer.complete(TestServer.text(200, large));
      assertThat(client.answer().body()).isEqualTo(large);
      assertThat(client.isAtEnd()).isTrue();
    }
  }

  @Test
  void whoSaysNothingIsClosed() throws Exception {
    server.start();
    try (RawClient client = server.connect()) {
      client.socket().shutdownOutput();
      assertThat(client.rest()).isEmpty();
    }
    await().until(() -> server.openConnections() == 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HT",
        "GET / HTTP/1.1\r\nHost: h\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nhalf",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf",
      })
  void whatEndsInTheMiddleOfARequestIsToldSo(String sent) throws Exception {
    server.start();
    try (RawClient client = server.connect()) {
      client.send(sent);
      client.socket().shutdownOutput();
      assertThat(client.answer().status()).isEqualTo(400);
      assertThat(client.isAtEnd()).isTrue();
    }
    await().until(() -> server.openConnections() == 0);
    assertThat(server.requests).isEmpty();
  }

  @Test
  void theRequestBeforeAnUnfinishedOneIsAnswered() throws Exception {
    server.api = request -> answer;
    server.start();
    try (RawClient client = server.connect()) {
      client.send(
          GET.formatted("whole") + "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n");
      client.socket().shutdownOutput();
      await().until(() -> server.requests.size() == 1);
      answer.complete(TestServer.text(200, "late"));
      assertThat(client.answer().body()).isEqualTo("late");
      assertThat(client.answer().status()).isEqualTo(400);
      assertThat(client.isAtEnd()).isTrue();
    }
    assertThat(server.requests).hasSize(1);
  }

  @Test
  void whoTakesOverAConnectionThatIsHalfClosedIsToldSo() throws Exception {
    AtomicBoolean told = new AtomicBoolean();
    server.upgrade =
        (TakeOver)
            (socket, request, address, id) -> {
              socket
                  .pipeline()
                  .addLast(
                      new ChannelInboundHandlerAdapter() {
                        @Override
                        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                          told.set(event == ChannelInputShutdownEvent.INSTANCE);
                          var unused = ctx.close();
                        }
                      });
              HttpPipeline.detach(socket);
              socket.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
              if (!((DuplexChannel) socket).isInputShutdown()) {
                socket.config().setAutoRead(true);
              }
            };
    server.start();
    for (String before : List.of("", GET.formatted("first"))) {
      told.set(false);
      try (RawClient client = server.connect()) {
        client.send(
            before
                + "GET /ws HTTP/1.1\r\n"
                + "Host: h\r\n"
                + "Connection: Upgrade\r\n"
                + "Upgrade: websocket\r\n\r\n");
        client.socket().shutdownOutput();
        client.rest();
        await().until(told::get);
      }
    }
  }
}
