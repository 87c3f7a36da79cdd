package dev.pushgate.gateway.relay.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.ChannelName;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CountDeltaTest {
  private static final ChannelKey KEY =
      new ChannelKey(new AppId("a"), new ChannelName("x=;:,.@_-"));

  @Test
  void itIsReadAsItWasWritten() {
    CountDelta delta = new CountDelta("n1", 7, Map.of(KEY, 3));

    assertThat(CountDelta.read(delta.bytes())).contains(delta);
    assertThat(CountDelta.read(new CountDelta("n1", 8, Map.of()).bytes()))
        .contains(new CountDelta("n1", 8, Map.of()));
  }

  @Test
  void whatIsOfAnotherShapeIsNone() {
    for (String text :
        List.of(
            "",
            "1",
            "1 n",
            "2 n 1",
            "1 n x",
            "1 n 1\n",
            "1 n 1\na/b",
            "1 n 1\na/b x",
            "1 n 1\na 1",
            "1 n 1\na/b -1",
            "1 n 1\na/.. 1",
            "1 n 1\nA/b 1",
            "1 n 1\na/b 99999999999")) {
      assertThat(CountDelta.read(text.getBytes(StandardCharsets.US_ASCII))).as(text).isEmpty();
    }
  }
}
