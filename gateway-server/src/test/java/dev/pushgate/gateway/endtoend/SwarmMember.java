package dev.pushgate.gateway.endtoend;

import dev.pushgate.gateway.net.websocket.ClientBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One subscriber of a swarm: every offset must be the one behind the last, but for what it is told
/// that it has missed. Confined to the swarm's thread, but for what is asked from outside.
final class SwarmMember {
  enum Habit {
    STAYS,
    RESUMES,
    JOINS_ANEW,
    WANDERS
  }

  private final Swarm swarm;
  private final String channel;
  private final Habit habit;
  private final int number;
  private final ByteBuffer in = ByteBuffer.allocate(64 << 10);
  private @Nullable SocketChannel socket;
  private boolean upgraded;
  private int untilLeaving;
  private int hops;
  private volatile @Nullable String epoch;
  private volatile boolean subscribed;
  private volatile long last;
  private volatile long returns;

  SwarmMember(Swarm swarm, String channel, Habit habit, int number) {
    this.swarm = swarm;
    this.channel = channel;
    this.habit = habit;
    this.number = number;
  }

  boolean isIn(String name) {
    return channel.equals(name);
  }

  boolean has(String inEpoch, long offset) {
    return has(offset) && inEpoch.equals(epoch);
  }

  boolean has(long offset) {
    return subscribed && last == offset;
  }

  long returns() {
    return returns;
  }

  void connect() {
    in.clear();
    upgraded = false;
    subscribed = false;
    untilLeaving = habit == Habit.WANDERS ? 500 + 37 * number : 10 + number % 17;
    try {
      SocketChannel made = SocketChannel.open();
      socket = made;
      made.configureBlocking(false);
      made.connect(swarm.server(number + hops));
      made.register(swarm.selector(), SelectionKey.OP_CONNECT, this);
    } catch (IOException e) {
      ended(e.toString());
    }
  }

  void ready() {
    SocketChannel current = Objects.requireNonNull(socket);
    try {
      if (current.isConnectionPending()) {
        current.finishConnect();
        current.keyFor(swarm.selector()).interestOps(SelectionKey.OP_READ);
        send(handshake().getBytes(StandardCharsets.US_ASCII));
      } else if (current.read(in) < 0) {
        ended("closed by the server behind offset " + last);
      } else {
        in.flip();
        take(current);
        in.compact();
      }
    } catch (IOException e) {
      ended(e.toString());
    }
  }

  private void ended(String why) {
    close();
    if (habit == Habit.WANDERS) {
      swarm.execute(this::comeBack);
    } else {
      complain(why);
    }
  }

  private void comeBack() {
    returns++;
    hops += habit == Habit.WANDERS ? 1 : 0;
    connect();
  }

  private static String handshake() {
    return "GET /ws?token=%s HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            .formatted(Node.PUBLISH_KEY)
        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
  }

  /// Takes what has come whole, as long as it is of this connection.
  private void take(SocketChannel from) {
    while (from.equals(socket) && from.isOpen()) {
      String whole = upgraded ? nextFrame() : head();
      if (whole == null) {
        return;
      }
      if (upgraded) {
        frame(whole);
      } else if (whole.startsWith("HTTP/1.1 101 ")) {
        upgraded = true;
      } else {
        complain(whole);
      }
    }
    in.position(in.limit());
  }

  private @Nullable String head() {
    String text = StandardCharsets.US_ASCII.decode(in.duplicate()).toString();
    int end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      return null;
    }
    in.position(in.position() + end + 4);
    return text.substring(0, end);
  }

  private @Nullable String nextFrame() {
    ByteBuffer rest = in.slice();
    if (rest.remaining() < 4) {
      return null;
    }
    int opcode = rest.get() & 0x0F;
    int length = rest.get();
    if (length == 126) {
      length = Short.toUnsignedInt(rest.getShort());
    }
    if (rest.remaining() < length) {
      return null;
    }
    in.position(in.position() + rest.position() + length);
    rest.limit(rest.position() + length);
    String payload = StandardCharsets.UTF_8.decode(rest).toString();
    return opcode == 1 ? payload : "opcode " + opcode + " " + payload.strip();
  }

  private void frame(String frame) {
    if (frame.startsWith("{\"type\":\"message\"")) {
      message(frame, offsetIn(frame));
    } else if (frame.startsWith("{\"type\":\"connected\"")) {
      send(new ClientBytes().text(subscribe()).bytes());
    } else if (frame.startsWith("{\"type\":\"subscribed\"")) {
      subscribed(frame);
    } else if (frame.startsWith("{\"type\":\"gap\"")) {
      gap(frame);
    } else if (frame.startsWith("opcode 9")) {
      send(new ClientBytes().frame(0x8A, new byte[0]).bytes());
    } else if (frame.startsWith("opcode 8") && habit == Habit.WANDERS) {
      ended(frame);
    } else {
      complain(frame);
    }
  }

  private String subscribe() {
    String since =
        epoch != null && resumes()
            ? ",\"since\":{\"epoch\":\"%s\",\"offset\":%d}".formatted(epoch, last)
            : "";
    return "{\"type\":\"subscribe\",\"channel\":\"" + channel + "\"" + since + "}";
  }

  private boolean resumes() {
    return habit == Habit.RESUMES || habit == Habit.WANDERS;
  }

  /// The answer to a join, or the unsolicited word of a new epoch.
  private void subscribed(String frame) {
    String now = JsonTree.text(frame, "epoch");
    boolean known = now.equals(epoch);
    if (frame.contains("\"recovered\":true")) {
      if (!known) {
        complain("recovered from another epoch: " + frame);
      }
    } else {
      if (epoch != null && (!known || resumes())) {
        tell(frame);
      }
      last = offsetIn(frame);
    }
    epoch = now;
    subscribed = true;
  }

  private void gap(String frame) {
    if (JsonTree.number(frame, "from") != last + 1) {
      complain("behind " + last + ": " + frame);
    }
    last = JsonTree.number(frame, "to");
    tell(frame);
  }

  private void message(String frame, long offset) {
    String in = epoch;
    if (in == null || !subscribed || offset != last + 1) {
      complain("offset " + offset + " behind " + last);
    } else if (!swarm.isSameForAll(channel, in, offset, frame)) {
      complain("others heard another message: " + frame);
    }
    last = offset;
    swarm.heard(frame);
    if (habit != Habit.STAYS && --untilLeaving == 0) {
      leave();
      comeBack();
    }
  }

  /// In every way there is: with a goodbye, without one, and with bytes that nobody has read.
  private void leave() {
    if (number % 2 == 0) {
      send(new ClientBytes().close(1000, "").bytes());
    }
    close();
  }

  private void close() {
    try {
      Objects.requireNonNull(socket).close();
    } catch (IOException e) {
      complain(e.toString());
    }
  }

  private void send(byte[] bytes) {
    try {
      if (Objects.requireNonNull(socket).write(ByteBuffer.wrap(bytes)) != bytes.length) {
        complain("the server takes nothing");
      }
    } catch (IOException e) {
      if (habit != Habit.WANDERS) { // those read of the end next
        complain(e.toString());
      }
    }
  }

  private static long offsetIn(String frame) {
    String sign = "\"offset\":";
    int from = frame.lastIndexOf(sign) + sign.length();
    int to = from;
    while (Character.isDigit(frame.charAt(to))) {
      to++;
    }
    return Long.parseLong(frame, from, to, 10);
  }

  private void tell(String what) {
    swarm.tell("member " + number + " (" + habit + ") behind " + last + ": " + what);
  }

  private void complain(String complaint) {
    swarm.complain("member " + number + " (" + habit + "): " + complaint);
  }
}
