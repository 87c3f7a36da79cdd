package dev.pushgate.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MessageTextTest {
  @Test
  void whatIsWrittenIsFoundInAFrame() {
    String frame =
        "{\"type\":\"message\",\"channel\":\"c\",\"data\":"
            + MessageText.data(3, 45, 678_901, 100)
            + ",\"timestamp\":1,\"offset\":46}";
    byte[] bytes = ("xx" + frame + "yy").getBytes(StandardCharsets.US_ASCII);
    int to = bytes.length - 2;

    int data = MessageText.find(bytes, 2, to);

    assertThat(MessageText.publisher(bytes, data, to)).isEqualTo(3);
    assertThat(MessageText.number(bytes, data, to, MessageText.Field.NUMBER)).isEqualTo(45);
    assertThat(MessageText.number(bytes, data, to, MessageText.Field.TIME)).isEqualTo(678_901);
    assertThat(MessageText.offset(bytes, data, to)).isEqualTo(46);
  }

  @Test
  void theDataIsAsLongAsAskedFor() {
    assertThat(MessageText.data(0, 1, 2, 100)).hasSize(100).endsWith("x\"}");
    assertThat(MessageText.data(0, 1, 2, 0)).endsWith("\"pad\":\"\"}");
  }

  @Test
  void otherFramesAreNoMessages() {
    byte[] bytes = "{\"type\":\"pong\"}".getBytes(StandardCharsets.US_ASCII);

    assertThat(MessageText.find(bytes, 0, bytes.length)).isNegative();
    assertThat(MessageText.offset(bytes, 0, bytes.length)).isNegative();
  }
}
