package dev.pushgate.gateway.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.gateway.net.loop.Transport;
import dev.pushgate.gateway.testing.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Handing a connection over to another protocol, which here echoes bytes.
@ParameterizedClass
@EnumSource(Transport.class)
@ExtendWith(NoLeaks.class)
class UpgradeTest {
  private static final String UPGRADE =
      "GET /ws?token=t HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\n"
          + "X-Request-Id: r1\r\n\r\n";

  private final TestServer server;
  private final List<String> taken = new CopyOnWriteArrayList<>();

  UpgradeTest(Transport transport) {
    server = new TestServer(transport);
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void aConnectionIsHandedOverAndNoHttpHandlerStays() throws Exception {
    List<List<String>> handlers = new CopyOnWriteArrayList<>();
    server.upgrade =
        (TakeOver)
            (socket, request, address, id) -> {
              takeOver(socket, request, address, id);
              handlers.add(socket.pipeline().names());
            };
    server.start();
    try (RawClient client = server.connect()) {
      client.send(UPGRADE);
      assertThat(client.head().status()).isEqualTo(101);
      assertThat(client.send("hello").read(5)).isEqualTo("hello");
      assertThat(taken).containsExactly("/ws?token=t 127.0.0.1 r1");
      // Netty's own tail is in the list.
      assertThat(handlers.getFirst()).hasSize(2).contains("echo");
      assertThat(server.openConnections()).isZero();
    }
  }

  @Test
  void nothingOfTheRequestIsKeptBehindIt() throws Exception {
    List<WeakReference<HttpRequest>> requests = new CopyOnWriteArrayList<>();
    server.upgrade =
        (TakeOver)
            (socket, request, address, id) -> {
              requests.add(new WeakReference<>(request));
              takeOver(socket, request, address, id);
            };
    server.start();
    try (RawClient client = server.connect()) {
      client.send(UPGRADE);
      assertThat(client.head().status()).isEqualTo(101);
      await()
          .until(
              () -> {
                System.gc();
                return requests.getFirst().get() == null;
              });
      assertThat(client.send("hello").read(5)).isEqualTo("hello");
    }
  }

  @Test
  void bytesBehindTheRequestReachTheNewHandlerInOrder() throws Exception {
    server.upgrade = (TakeOver) this::takeOver;
    server.start();
    String bytes = "\u0081\u0085\u0000\u0000\u0000\u0000hello\r\n\r\n".repeat(500);
    try (RawClient client = server.connect()) {
      client.send(UPGRADE + bytes);
      assertThat(client.head().status()).isEqualTo(101);
      client.send("more");
      assertThat(client.read(bytes.length() + 4)).isEqualTo(bytes + "more");
    }
  }

  @Test
  void bytesAreKeptForAHandlerThatComesLater() throws Exception {
    server.upgrade =
        (TakeOver)
            (socket, request, address, id) -> {
              var unused =
                  socket
                      .eventLoop()
                      .schedule(
                          () -> takeOver(socket, request, address, id), 50, TimeUnit.MILLISECONDS);
            };
    server.start();
    try (RawClient client = server.connect()) {
      client.send(UPGRADE + "early");
      assertThat(client.head().status()).isEqualTo(101);
      assertThat(client.read(5)).isEqualTo("early");
    }
  }

  @Test
  void anUpgradeMayFollowOtherRequestsInOneWrite() throws Exception {
    server.upgrade = (TakeOver) this::takeOver;
    server.start();
    try (RawClient client = server.connect()) {
      client.send("GET /first HTTP/1.1\r\nHost: h\r\n\r\n" + UPGRADE + "GET /not-http");
      assertThat(client.answer().body()).isEqualTo("GET /first ? []");
      assertThat(client.head().status()).isEqualTo(101);
      assertThat(client.read(13)).isEqualTo("GET /not-http");
    }
  }

  @Test
  void aRefusalCanBeWrittenInsteadOfAnUpgrade() throws Exception {
    server.upgrade =
        (TakeOver)
            (socket, request, address, id) -> {
              DefaultFullHttpResponse no =
                  new DefaultFullHttpResponse(
                      HttpVersion.HTTP_1_1, HttpResponseStatus.FORBIDDEN, Unpooled.EMPTY_BUFFER);
              var unused = socket.writeAndFlush(no).addListener(ChannelFutureListener.CLOSE);
            };
    server.start();
    try (RawClient client = server.connect()) {
      client.send(UPGRADE);
      assertThat(client.head().status()).isEqualTo(403);
      assertThat(client.rest()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /ws HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET /ws HTTP/1.1\r\nHost: h\r\nUpgrade: h2c\r\n\r\n",
        "POST /ws HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n\r\n",
        "GET /ws HTTP/1.0\r\nHost: h\r\nUpgrade: websocket\r\n\r\n"
      })
  void everythingElseThereIsToldToUpgrade(String request) throws Exception {
    server.upgrade = (TakeOver) this::takeOver;
    server.start();
    try (RawClient client = server.connect()) {
      RawClient.Answer answer = client.send(request).answer();
      assertThat(answer.status()).isEqualTo(426);
      assertThat(answer.header("upgrade")).isEqualTo("websocket");
      assertThat(answer.headers().get("connection")).isEqualTo("upgrade, close");
      assertThat(taken).isEmpty();
    }
  }

  @Test
  void anUpgradeWithABodyIsRefused() throws Exception {
    server.upgrade = (TakeOver) this::takeOver;
    server.start();
    try (RawClient client = server.connect()) {
      client.send(UPGRADE.replace("\r\n\r\n", "\r\nContent-Length: 3\r\n\r\nabc"));
      assertThat(client.answer().status()).isEqualTo(400);
      assertThat(taken).isEmpty();
    }
  }

  @Test
  void aDrainLeavesUpgradedConnectionsAlone() throws Exception {
    server.upgrade = (TakeOver) this::takeOver;
    server.start();
    try (RawClient client = server.connect()) {
      client.send(UPGRADE);
      assertThat(client.head().status()).isEqualTo(101);
      server.listener().stopAccepting();
      server.listener().drainRequests(Duration.ofSeconds(10)).toCompletableFuture().join();
      assertThat(client.send("still").read(5)).isEqualTo("still");
    }
  }

  @Test
  void anUpgradeThatFailsInItsTurnClosesTheConnection() throws Exception {
    server.upgrade =
        (socket, request, address, id) ->
            new WebSocketUpgrade.Pending() {
              @Override
              public int heldBytes() {
                return 0;
              }

              @Override
              public void inTurn(Runnable task) {
                socket.eventLoop().execute(task);
              }

              @Override
              public void upgrade() {
                throw new IllegalStateException("on purpose");
              }
            };
    server.start();
    try (RawClient client = server.connect()) {
      assertThat(client.send(UPGRADE).rest()).isEmpty();
      await().until(() -> server.openConnections() == 0);
    }
  }

  @Test
  void anUpgradeThatFailsClosesTheConnection() throws Exception {
    server.upgrade =
        (TakeOver)
            (socket, request, address, id) -> {
              throw new IllegalStateException("on purpose");
            };
    server.start();
    try (RawClient client = server.connect()) {
      assertThat(client.send(UPGRADE).rest()).isEmpty();
      await().until(() -> server.openConnections() == 0);
    }
  }

  private void takeOver(Channel socket, HttpRequest request, String address, String id) {
    taken.add(request.uri() + " " + address + " " + id);
    var unused =
        socket.writeAndFlush(
            new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.SWITCHING_PROTOCOLS,
                Unpooled.EMPTY_BUFFER));
    socket.pipeline().addLast("echo", new Echo());
    HttpPipeline.detach(socket);
    socket.config().setAutoRead(true);
  }

  private static final class Echo extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      assertThat(bytes.toString(ISO_8859_1)).isNotEmpty();
      var unused = ctx.writeAndFlush(bytes);
    }
  }
}
