package dev.pushgate.gateway.endtoend;

import dev.pushgate.gateway.net.websocket.ClientBytes;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The attackers there are. Stateless.
final class Attackers {
  private static final String BLOB = "x".repeat(60_000);

  private Attackers() {}

  /// By what they do.
  static final List<Function<Node, Attacker>> ALL =
      List.of(
          Rewinds::new,
          Unread::new,
          HalfBodies::new,
          HalfHeads::new,
          OneHash::new,
          ManyNames::new,
          HalfMessages::new,
          FullLogs::new,
          UnreadHistory::new,
          ManyDeclarations::new,
          Silent::new,
          Present::new,
          Resumes::new,
          LargeUpgrades::new);

  abstract static sealed class Habit extends Attacker {
    Habit(Node node) {
      super(node);
    }

    /// A token of a user who may do what users may.
    String token(String user) {
      return TokenClient.token(node(), user);
    }

    static String subscribe(String channel, String more) {
      return "{\"type\":\"subscribe\",\"channel\":\"" + channel + "\"" + more + "}";
    }

    /// Posts as the server, or whoever has this credential; what becomes of it is no concern.
    void post(String credential, String path, String body) {
      try {
        node().rest(credential).post(path, body);
      } catch (UncheckedIOException _) {
        // closed to make room for another
      }
    }

    void publish(String channel) {
      post(
          Node.SECRET_KEY,
          "/api/v1/publish",
          "{\"channel\":\"" + channel + "\",\"data\":\"" + BLOB + "\"}");
    }

    static String batch(String channel, int messages, String data) {
      String one = "{\"channel\":\"" + channel + "\",\"data\":\"" + data + "\"}";
      return "{\"messages\":[" + String.join(",", Collections.nCopies(messages, one)) + "]}";
    }
  }

  /// Ask for a full log and read nothing of it, but send a pong now and then.
  static final class Rewinds extends Habit {
    Rewinds(Node node) {
      super(node);
    }

    @Override
    void attack() {
      for (int i = 0; i < 8; i++) {
        publish("full");
      }
      byte[] rewind = new ClientBytes().text(subscribe("full", ",\"rewind\":1000")).bytes();
      byte[] pong = new ClientBytes().frame(0x8A, new byte[8]).bytes();
      List<Connection> all = Stream.generate(() -> webSocket(Node.PUBLISH_KEY)).limit(555).toList();
      all.forEach(connection -> connection.send(rewind));
      goOn(500_000_000, () -> all.forEach(connection -> connection.send(pong)));
    }
  }

  /// Listen to channels with many tiny messages and read nothing. Large ones fill the system's
  /// buffers first.
  static final class Unread extends Habit {
    private static final int CHANNELS = 15;

    Unread(Node node) {
      super(node);
    }

    @Override
    void attack() {
      ClientBytes frames = new ClientBytes();
      List<String> tiny = new ArrayList<>();
      for (int i = 0; i < CHANNELS; i++) {
        frames.text(subscribe("tiny-" + i, ""));
        tiny.add("{\"channel\":\"tiny-" + i + "\",\"data\":1}");
      }
      for (int i = 0; i < 1_500; i++) {
        webSocket(Node.PUBLISH_KEY).send(frames.bytes());
      }
      for (int i = 0; i < 8; i++) {
        publish("tiny-0");
      }
      String burst = "{\"messages\":[" + String.join(",", tiny) + "]}";
      for (int i = 0; i < 200 && !isOver(); i++) {
        post(Node.SECRET_KEY, "/api/v1/publish/batch", burst);
      }
    }
  }

  /// Begin bodies that they never end: with a key that may not publish, and with a token that may.
  static final class HalfBodies extends Habit {
    private final String token;

    HalfBodies(Node node) {
      super(node);
      token = token("half-bodies");
    }

    @Override
    void attack() {
      for (int i = 0; i < 136; i++) {
        Connection connection = open();
        connection.send(
            "POST /api/v1/publish HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: 1048576\r\n\r\n"
                .formatted(i % 2 == 0 ? Node.PUBLISH_KEY : token));
        Thread.ofVirtual().start(() -> connection.send(" ".repeat(1_048_000)));
      }
    }
  }

  /// Begin heads that they never end: of few long lines, and of many short ones.
  static final class HalfHeads extends Habit {
    HalfHeads(Node node) {
      super(node);
    }

    @Override
    void attack() {
      String line = "GET /" + "a".repeat(15_900) + " HTTP/1.1\r\nHost: x\r\n";
      String longOnes = line + "X: %s\r\n".formatted("b".repeat(480)).repeat(30);
      String shortOnes = "GET / HTTP/1.1\r\nHost: x\r\n" + "a:a\r\n".repeat(5_000);
      for (int i = 0; i < 1_500; i++) {
        Connection connection = open();
        connection.send(i % 2 == 0 ? longOnes : shortOnes);
      }
    }
  }

  /// Subscribe to names of which all have one hash.
  static final class OneHash extends Habit {
    OneHash(Node node) {
      super(node);
    }

    @Override
    void attack() {
      for (int i = 0; i < 32; i++) {
        Connection connection = webSocket(Node.PUBLISH_KEY);
        ClientBytes frames = new ClientBytes();
        for (int j = 0; j < 250; j++) {
          frames.text(subscribe(name(i * 250 + j), ""));
        }
        connection.send(frames.bytes());
      }
    }

    private static String name(int number) {
      StringBuilder name = new StringBuilder();
      for (int bit = 0; bit < 16; bit++) {
        name.append((number >> bit & 1) == 0 ? "Aa" : "BB");
      }
      return name.toString();
    }
  }

  /// Subscribe to as many names as they can think of.
  static final class ManyNames extends Habit {
    ManyNames(Node node) {
      super(node);
    }

    @Override
    void attack() {
      for (int i = 0; i < 250; i++) {
        Connection connection = webSocket(Node.PUBLISH_KEY);
        ClientBytes frames = new ClientBytes();
        for (int j = 0; j < 250; j++) {
          frames.text(subscribe("name-" + i + "-" + j, ""));
        }
        connection.send(frames.bytes());
        Thread.ofVirtual().start(() -> connection.read(Integer.MAX_VALUE - 8));
      }
    }
  }

  /// Begin messages that they never end.
  static final class HalfMessages extends Habit {
    HalfMessages(Node node) {
      super(node);
    }

    @Override
    void attack() {
      byte[] half = new ClientBytes().header(0x81, 65_535).masked(new byte[65_000], 0).bytes();
      for (int i = 0; i < 1_630; i++) {
        webSocket(Node.PUBLISH_KEY).send(half);
      }
    }
  }

  /// Publish much to many channels, for which nobody asked.
  static final class FullLogs extends Habit {
    private final String token;

    FullLogs(Node node) {
      super(node);
      token = token("full-logs");
    }

    @Override
    void attack() {
      for (int i = 0; i < 300; i++) {
        post(token, "/api/v1/publish/batch", batch("log-" + i % 150, 15, BLOB));
      }
    }
  }

  /// Ask for large pages of a history and do not read them.
  static final class UnreadHistory extends Habit {
    UnreadHistory(Node node) {
      super(node);
      node.rest().declare("long-history");
    }

    @Override
    void attack() {
      for (int i = 0; i < 7; i++) {
        post(Node.SECRET_KEY, "/api/v1/publish/batch", batch("long-history", 15, BLOB));
      }
      for (int i = 0; i < 80; i++) {
        open()
            .send(
                "GET /api/v1/channels/long-history/messages?pageSize=100 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n"
                    .formatted(Node.SECRET_KEY));
      }
    }
  }

  /// Declare channels with all the metadata they may have.
  static final class ManyDeclarations extends Habit {
    ManyDeclarations(Node node) {
      super(node);
    }

    @Override
    void attack() {
      String body =
          "{\"name\":\"n\",\"slug\":\"declared-%d\",\"description\":\"%s\",\"metadata\":{\"a\":\"%s\"}}";
      List<Thread> threads =
          IntStream.range(0, 8)
              .mapToObj(
                  thread ->
                      Thread.ofVirtual()
                          .start(
                              () -> {
                                for (int i = thread; i < 2_000 && !isOver(); i += 8) {
                                  post(
                                      Node.SECRET_KEY,
                                      "/api/v1/channels",
                                      body.formatted(
                                          i, "\u4e00".repeat(2_000), "x".repeat(16_000)));
                                }
                              }))
              .toList();
      threads.forEach(Attackers::join);
    }
  }

  /// Open connections and say nothing.
  static final class Silent extends Habit {
    Silent(Node node) {
      super(node);
    }

    @Override
    void attack() {
      for (int i = 0; i < 3_000; i++) {
        open();
      }
    }
  }

  /// Are present under many names, in many channels.
  static final class Present extends Habit {
    private final List<String> tokens;

    Present(Node node) {
      super(node);
      tokens = IntStream.range(0, 40).mapToObj(i -> token("present-" + i)).toList();
    }

    @Override
    void attack() {
      for (String token : tokens) {
        Connection connection = webSocket(token);
        ClientBytes frames = new ClientBytes();
        for (int j = 0; j < 250; j++) {
          frames.text(
              subscribe("crowd-" + j, ",\"presence\":true,\"info\":\"" + "i".repeat(1_000) + "\""));
        }
        connection.send(frames.bytes());
        Thread.ofVirtual().start(() -> connection.read(Integer.MAX_VALUE - 8));
      }
    }
  }

  /// Resume again and again, and read what they are given.
  static final class Resumes extends Habit {
    Resumes(Node node) {
      super(node);
    }

    @Override
    void attack() {
      for (int i = 0; i < 8; i++) {
        publish("resumed");
      }
      byte[] again =
          new ClientBytes()
              .text("{\"type\":\"unsubscribe\",\"channel\":\"resumed\"}")
              .text(subscribe("resumed", ",\"rewind\":1000"))
              .bytes();
      for (int i = 0; i < 4; i++) {
        Connection connection = webSocket(Node.PUBLISH_KEY);
        Thread.ofVirtual().start(() -> connection.read(Integer.MAX_VALUE - 8));
        goOn(25_000_000, () -> connection.send(again));
      }
    }
  }

  /// Ask for WebSockets, thousands at the same time, without a key and with all that a head may
  /// have.
  static final class LargeUpgrades extends Habit {
    private static final byte[] REQUEST =
        ("GET /ws?token=%s HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n%s\r\n")
            .formatted("a".repeat(15_000), "X: %s\r\n".formatted("b".repeat(480)).repeat(30))
            .getBytes(StandardCharsets.US_ASCII);

    LargeUpgrades(Node node) {
      super(node);
    }

    @Override
    void attack() {
      comeAllAtOnce();
      goOn(200_000_000, this::comeAllAtOnce);
    }

    private void comeAllAtOnce() {
      List<Connection> all = Stream.generate(this::open).limit(2_500).toList();
      List<Thread> sending =
          all.stream()
              .map(connection -> Thread.ofVirtual().start(() -> connection.send(REQUEST)))
              .toList();
      sending.forEach(Attackers::join);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
