package dev.pushgate.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameSplitterTest {
  private final List<String> frames = new ArrayList<>();
  private final FrameSplitter splitter =
      new FrameSplitter(
          (opcode, bytes, from, to) ->
              frames.add(
                  opcode + ":" + new String(bytes, from, to - from, StandardCharsets.US_ASCII)));

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 100, 1_000_000})
  void framesAreTheSameHoweverTheyWereCut(int piece) {
    List<String> texts = List.of("", "a", "b".repeat(125), "c".repeat(126), "d".repeat(70_000));
    byte[] bytes = framesOf(texts);

    for (int from = 0; from < bytes.length; from += piece) {
      splitter.take(bytes, from, Math.min(bytes.length, from + piece));
    }

    assertThat(frames).isEqualTo(texts.stream().map(text -> "1:" + text).toList());
  }

  private static byte[] framesOf(List<String> texts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (String text : texts) {
      int length = text.length();
      ByteBuffer head = ByteBuffer.allocate(10).put((byte) 0x81);
      if (length < 126) {
        head.put((byte) length);
      } else if (length < 65_536) {
        head.put((byte) 126).putShort((short) length);
      } else {
        head.put((byte) 127).putLong(length);
      }
      out.write(head.array(), 0, head.position());
      out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }
    return out.toByteArray();
  }
}
