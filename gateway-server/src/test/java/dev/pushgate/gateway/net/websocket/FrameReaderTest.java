package dev.pushgate.gateway.net.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.outcome.CloseReason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameReaderTest {
  private static final int LIMIT = 65_536;

  private static final byte[] MIXED =
      new ClientBytes()
          .text("{\"type\":\"ping\"}")
          .text("")
          .ping("are you there")
          .frame(0x01, utf8("Grüße, "))
          .ping("")
          .frame(0x00, Arrays.copyOf(utf8("𝄞"), 2))
          .frame(0x8A, new byte[0])
          .frame(0x80, Arrays.copyOfRange(utf8("𝄞"), 2, 4))
          .text("x".repeat(126))
          .text("ä".repeat(200))
          .close(1000, "bye")
          .bytes();

  private static final List<String> MIXED_FRAMES =
      List.of(
          "text {\"type\":\"ping\"}",
          "text ",
          "ping are you there",
          "part",
          "ping ",
          "part",
          "pong",
          "text Grüße, 𝄞",
          "text " + "x".repeat(126),
          "text " + "ä".repeat(200),
          "close 1000");

  @Test
  void framesThatArriveAtOnceAreHandedOverInOrder() {
    assertThat(read(MIXED)).isEqualTo(MIXED_FRAMES);
  }

  @Test
  void everyCutBetweenTwoBytesGivesTheSameFrames() {
    for (int cut = 1; cut < MIXED.length; cut++) {
      assertThat(readCut(MIXED, cut)).as("cut at %d", cut).isEqualTo(MIXED_FRAMES);
    }
  }

  @Test
  void byteByByteGivesTheSameFrames() {
    FrameReader reader = new FrameReader(LIMIT);
    List<String> seen = new ArrayList<>();
    for (byte b : MIXED) {
      reader.read(Unpooled.wrappedBuffer(new byte[] {b}), frame -> seen.add(describe(frame)));
    }
    assertThat(seen).isEqualTo(MIXED_FRAMES);
  }

  @Test
  void behindTheLastFrameThatIsWantedNothingIsRead() {
    FrameReader reader = new FrameReader(LIMIT);
    List<String> seen = new ArrayList<>();
    ByteBuf in = Unpooled.wrappedBuffer(MIXED);
    while (in.isReadable()) {
      int before = seen.size();
      reader.read(in, frame -> seen.add(describe(frame)), () -> false);
      assertThat(seen.size() - before).isLessThanOrEqualTo(1);
    }
    assertThat(seen).isEqualTo(MIXED_FRAMES);
  }

  @Test
  void randomStreamsCutAtRandomGiveTheSameMessages() {
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      ClientBytes stream = new ClientBytes();
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        addRandomMessage(random, stream, expected);
      }
      assertThat(readCutAtRandom(stream.bytes(), random)).as("seed %d", seed).isEqualTo(expected);
    }
  }

  @Test
  void randomBytesNeverThrowAndEndWithOneVerdict() {
    for (int seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      byte[] noise = new byte[300];
      random.nextBytes(noise);
      noise[0] = (byte) (0x81 + (seed & 1));
      List<String> seen = readCutAtRandom(noise, random);
      long verdicts =
          seen.stream().filter(f -> !f.startsWith("text") && !f.startsWith("p")).count();
      assertThat(verdicts).as("seed %d: %s", seed, seen).isLessThanOrEqualTo(1);
    }
  }

  static List<byte[]> malformed() {
    return List.of(
        new ClientBytes().raw(0x81, 0x02, 'h', 'i').bytes(),
        new ClientBytes().frame(0xC1, utf8("hi")).bytes(),
        new ClientBytes().frame(0xA1, utf8("hi")).bytes(),
        new ClientBytes().frame(0x91, utf8("hi")).bytes(),
        new ClientBytes().frame(0x83, utf8("hi")).bytes(),
        new ClientBytes().frame(0x87, utf8("hi")).bytes(),
        new ClientBytes().frame(0x8B, utf8("hi")).bytes(),
        new ClientBytes().frame(0x8F, utf8("hi")).bytes(),
        new ClientBytes().frame(0x09, utf8("hi")).bytes(),
        new ClientBytes().frame(0x08, utf8("")).bytes(),
        new ClientBytes().frame(0x89, new byte[126]).bytes(),
        new ClientBytes().frame(0x89, new byte[65 * 1024]).bytes(),
        new ClientBytes().frame(0x80, utf8("hi")).bytes(),
        new ClientBytes().frame(0x01, utf8("hi")).frame(0x81, utf8("hi")).bytes(),
        new ClientBytes().frame(0x01, utf8("hi")).frame(0x82, utf8("hi")).bytes(),
        new ClientBytes().raw(0x81, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 1).bytes(),
        new ClientBytes().raw(0x81, 0xFE, 0, 125).bytes(),
        new ClientBytes().raw(0x81, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF).bytes(),
        new ClientBytes().frame(0x88, new byte[1]).bytes(),
        new ClientBytes().close(999, "").bytes(),
        new ClientBytes().close(1005, "").bytes(),
        new ClientBytes().close(1006, "").bytes(),
        new ClientBytes().close(1015, "").bytes(),
        new ClientBytes().close(2999, "").bytes(),
        new ClientBytes().close(5000, "").bytes());
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void aFrameThatBreaksTheRulesIsAViolationAndNothingAfterItIsRead(byte[] bytes) {
    List<String> seen = read(new ClientBytes().raw(signed(bytes)).text("more").bytes());
    seen.remove("part");
    assertThat(seen).containsExactly("violation " + CloseReason.MALFORMED_FRAME);
  }

  static List<byte[]> notUtf8() {
    return List.of(
        new byte[] {(byte) 0x80},
        new byte[] {(byte) 0xC0, (byte) 0xAF},
        new byte[] {(byte) 0xC1, (byte) 0x81},
        new byte[] {(byte) 0xE0, (byte) 0x80, (byte) 0xAF},
        new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
        new byte[] {(byte) 0xF0, (byte) 0x80, (byte) 0x80, (byte) 0xAF},
        new byte[] {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
        new byte[] {(byte) 0xF5, (byte) 0x80, (byte) 0x80, (byte) 0x80},
        new byte[] {'a', (byte) 0xE2, (byte) 0x82},
        new byte[] {(byte) 0xE2, (byte) 0x82, 'a'},
        new byte[] {(byte) 0xFF});
  }

  @ParameterizedTest
  @MethodSource("notUtf8")
  void textThatIsNotUtf8IsRefusedAlsoAcrossFragmentsAndInACloseReason(byte[] text) {
    String refused = "violation " + CloseReason.INVALID_UTF8;
    assertThat(read(new ClientBytes().frame(0x81, text).bytes())).containsExactly(refused);
    ClientBytes fragments = new ClientBytes().frame(0x01, Arrays.copyOf(text, 1));
    fragments.frame(0x80, Arrays.copyOfRange(text, 1, text.length));
    assertThat(read(fragments.bytes()).getLast()).isEqualTo(refused);
    byte[] reason = new byte[2 + text.length];
    reason[0] = 1000 >>> 8;
    reason[1] = (byte) 1000;
    System.arraycopy(text, 0, reason, 2, text.length);
    assertThat(read(new ClientBytes().frame(0x88, reason).bytes())).containsExactly(refused);
  }

  @Test
  void aBadCharacterIsRefusedBeforeItsFrameIsWhole() {
    ClientBytes half = new ClientBytes().header(0x81, 1000).masked(new byte[] {(byte) 0xFF}, 0);
    assertThat(read(half.bytes())).containsExactly("violation " + CloseReason.INVALID_UTF8);
  }

  @Test
  void aMessageAtTheLimitPassesAndOneByteMoreDoesNot() {
    assertThat(read(new ClientBytes().text("x".repeat(LIMIT)).bytes())).hasSize(1);
    assertThat(read(new ClientBytes().text("x".repeat(LIMIT + 1)).bytes()))
        .containsExactly("too large");
  }

  @Test
  void behindAMessageThatIsPassedOverTheNextOneIsRead() {
    Random random = new Random(3);
    for (int i = 0; i < 200; i++) {
      ClientBytes stream = new ClientBytes().text("x".repeat(LIMIT + 1 + random.nextInt(LIMIT)));
      stream.ping("a").frame(0x01, new byte[LIMIT]).ping("b").frame(0x00, new byte[9]).ping("c");
      byte[] bytes = stream.frame(0x80, new byte[2 * LIMIT]).text("next").bytes();
      assertThat(readCutAtRandom(bytes, random))
          .containsExactly(
              "too large", "ping a", "part", "ping b", "too large", "part", "ping c", "text next");
    }
  }

  @Test
  void ofAMessageThatIsPassedOverNothingIsKept() {
    FrameReader reader = new FrameReader(LIMIT);
    byte[] first = new ClientBytes().frame(0x01, new byte[LIMIT]).bytes();
    reader.read(Unpooled.wrappedBuffer(first), _ -> {});
    assertThat(reader.heldBytes()).isEqualTo(LIMIT);
    assertThat(reader.isUnfinished()).isTrue();
    byte[] more = new ClientBytes().header(0x80, LIMIT).masked(new byte[100], 0).bytes();
    reader.read(Unpooled.wrappedBuffer(more), _ -> {});
    assertThat(reader.heldBytes()).isZero();
    assertThat(reader.isUnfinished()).isTrue();
    reader.read(Unpooled.wrappedBuffer(new byte[LIMIT - 100]), _ -> {});
    assertThat(reader.isUnfinished()).isFalse();
  }

  @Test
  void whoEndlesslySendsAMessageThatIsTooLargeIsRefused() {
    ClientBytes stream = new ClientBytes().frame(0x01, new byte[LIMIT + 1]);
    for (int i = 0; i < 17; i++) {
      stream.frame(0x00, new byte[LIMIT]);
    }
    assertThat(read(stream.bytes()).getLast())
        .isEqualTo("violation " + CloseReason.FRAME_TOO_LARGE);
  }

  @Test
  void afterTheEndOnlyControlFramesAreHandedOver() {
    FrameReader reader = new FrameReader(LIMIT);
    List<String> seen = new ArrayList<>();
    byte[] half = new ClientBytes().header(0x81, 5).masked(new byte[] {'a'}, 0).bytes();
    reader.read(Unpooled.wrappedBuffer(half), frame -> seen.add(describe(frame)));
    reader.passOver();
    assertThat(reader.heldBytes()).isZero();
    ClientBytes rest = new ClientBytes().raw(1, 2, 3, 4).text("x".repeat(99 * LIMIT));
    byte[] bytes = rest.frame(0x01, new byte[2]).close(1000, "").bytes();
    reader.read(Unpooled.wrappedBuffer(bytes), frame -> seen.add(describe(frame)));
    assertThat(seen).containsExactly("part", "close 1000");
  }

  @Test
  void fragmentsAreSummedAgainstTheLimit() {
    ClientBytes fragments = new ClientBytes().frame(0x01, new byte[LIMIT - 1]);
    fragments.frame(0x00, new byte[1]).header(0x80, 1);
    assertThat(read(fragments.bytes())).containsExactly("part", "part", "too large");
  }

  @ParameterizedTest
  @ValueSource(longs = {16 * LIMIT, Integer.MAX_VALUE, 1L << 31, 1L << 40, Long.MAX_VALUE})
  void aDeclaredLengthFarOverTheLimitIsRefusedBeforeAnyOfItArrives(long length) {
    assertThat(read(new ClientBytes().header(0x81, length).bytes()))
        .containsExactly("violation " + CloseReason.FRAME_TOO_LARGE);
  }

  @Test
  void aBinaryMessageIsToldAtItsFirstByte() {
    assertThat(read(new byte[] {(byte) 0x82})).containsExactly("binary");
  }

  @Test
  void aCloseWithoutACodeIsAClose() {
    assertThat(read(new ClientBytes().frame(0x88, new byte[0]).text("late").bytes()))
        .containsExactly("close 1005");
  }

  private static void addRandomMessage(Random random, ClientBytes stream, List<String> expected) {
    String text = randomText(random);
    byte[] bytes = utf8(text);
    int parts = 1 + random.nextInt(3);
    int from = 0;
    for (int part = 0; part < parts; part++) {
      boolean last = part == parts - 1;
      int to = last ? bytes.length : from + random.nextInt(bytes.length - from + 1);
      stream.frame((part == 0 ? 1 : 0) | (last ? 0x80 : 0), Arrays.copyOfRange(bytes, from, to));
      from = to;
      if (!last) {
        expected.add("part");
      }
      if (!last && random.nextBoolean()) {
        stream.ping("p" + part);
        expected.add("ping p" + part);
      }
    }
    expected.add("text " + text);
  }

  private static String randomText(Random random) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(random.nextInt(10) == 0 ? 40_000 : 300);
    String alphabet = "ab{}\"\\ äß€𝄞";
    int[] characters = alphabet.codePoints().toArray();
    while (text.length() < length) {
      text.appendCodePoint(characters[random.nextInt(characters.length)]);
    }
    return text.substring(0, Character.isHighSurrogate(last(text)) ? 0 : text.length());
  }

  private static char last(StringBuilder text) {
    return text.isEmpty() ? ' ' : text.charAt(text.length() - 1);
  }

  private static List<String> read(byte[] bytes) {
    return readCut(bytes, bytes.length);
  }

  private static List<String> readCut(byte[] bytes, int cut) {
    FrameReader reader = new FrameReader(LIMIT);
    List<String> seen = new ArrayList<>();
    reader.read(Unpooled.wrappedBuffer(bytes, 0, cut), frame -> seen.add(describe(frame)));
    reader.read(Unpooled.wrappedBuffer(bytes, cut, bytes.length - cut), f -> seen.add(describe(f)));
    return seen;
  }

  private static List<String> readCutAtRandom(byte[] bytes, Random random) {
    FrameReader reader = new FrameReader(LIMIT);
    List<String> seen = new ArrayList<>();
    for (int from = 0; from < bytes.length; ) {
      int count = Math.min(bytes.length - from, 1 + random.nextInt(random.nextBoolean() ? 3 : 999));
      reader.read(Unpooled.wrappedBuffer(bytes, from, count), frame -> seen.add(describe(frame)));
      from += count;
    }
    return seen;
  }

  private static String describe(ClientFrame frame) {
    return switch (frame) {
      case ClientFrame.Text(byte[] utf8) -> "text " + new String(utf8, StandardCharsets.UTF_8);
      case ClientFrame.Fragment() -> "part";
      case ClientFrame.TooLarge() -> "too large";
      case ClientFrame.Binary() -> "binary";
      case ClientFrame.Ping(byte[] data) -> "ping " + new String(data, StandardCharsets.UTF_8);
      case ClientFrame.Pong() -> "pong";
      case ClientFrame.Close(int code) -> "close " + code;
      case ClientFrame.Violation violation -> "violation " + violation.reason();
    };
  }

  private static int[] signed(byte[] bytes) {
    int[] ints = new int[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      ints[i] = bytes[i];
    }
    return ints;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
