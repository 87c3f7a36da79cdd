package dev.pushgate.bench;

import java.nio.charset.StandardCharsets;

/// What the benchmark publishes: `{"p":publisher,"n":number,"t":nanoseconds,"pad":"xx…"}`. The time
/// is that of the load generator's own clock, which is also the one that receives. Thread-safe.
final class MessageText {
  private static final byte[] PUBLISHER = bytes("{\"p\":");
  private static final byte[] NUMBER = bytes(",\"n\":");
  private static final byte[] TIME = bytes(",\"t\":");
  private static final byte[] OFFSET = bytes("\"offset\":");

  private MessageText() {}

  /// @param size how many bytes it should be
  static String data(int publisher, long number, long nanos, int size) {
    String numbers = "{\"p\":" + publisher + ",\"n\":" + number + ",\"t\":" + nanos + ",\"pad\":\"";
    return numbers + "x".repeat(Math.max(0, size - numbers.length() - 2)) + "\"}";
  }

  /// Where the data's numbers begin in a frame; -1 when the frame is no message of a benchmark.
  static int find(byte[] frame, int from, int to) {
    return indexOf(frame, from, to, PUBLISHER);
  }

  static long publisher(byte[] frame, int data, int to) {
    return number(frame, data + PUBLISHER.length, to);
  }

  static long number(byte[] frame, int data, int to, Field field) {
    byte[] name = field == Field.NUMBER ? NUMBER : TIME;
    int at = indexOf(frame, data, to, name);
    return at < 0 ? -1 : number(frame, at + name.length, to);
  }

  enum Field {
    NUMBER,
    TIME
  }

  /// The offset in a gateway's frame, where it stands near the end; -1 when there is none.
  static long offset(byte[] frame, int from, int to) {
    for (int at = to - OFFSET.length; at >= from; at--) {
      if (matches(frame, at, OFFSET)) {
        return number(frame, at + OFFSET.length, to);
      }
    }
    return -1;
  }

  private static long number(byte[] frame, int at, int to) {
    long value = 0;
    for (int i = at; i < to && frame[i] >= '0' && frame[i] <= '9'; i++) {
      value = value * 10 + frame[i] - '0';
    }
    return value;
  }

  private static int indexOf(byte[] frame, int from, int to, byte[] wanted) {
    for (int at = from; at <= to - wanted.length; at++) {
      if (matches(frame, at, wanted)) {
        return at;
      }
    }
    return -1;
  }

  private static boolean matches(byte[] frame, int at, byte[] wanted) {
    for (int i = 0; i < wanted.length; i++) {
      if (frame[at + i] != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
