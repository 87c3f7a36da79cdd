package dev.pushgate.gateway.relay.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.ChannelName;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CountDeltaTest {
  private static final ChannelKey KEY =
      new ChannelKey(new AppId("a"), new ChannelName("x=;:,.@_-"));

  @Test
  void itIsReadAsItWasWritten() {
    CountDelta delta = new CountDelta("n1", 7, Map.of(KEY, 3));

    assertThat(CountDelta.read(delta.text())).contains(delta);
    assertThat(CountDelta.read(new CountDelta("n1", 8, Map.of()).text()))
        .contains(new CountDelta("n1", 8, Map.of()));
  }

  @Test
  void whatIsOfAnotherShapeIsNone() {
    for (String text :
        List.of(
            "",
            "n",
            "1 n 1",
            "n x",
            "n 1\n",
            "n 1\na/b",
            "n 1\na/b x",
            "n 1\na 1",
            "n 1\na/b -1",
            "n 1\na/.. 1",
            "n 1\nA/b 1",
            "n 1\na/b 99999999999")) {
      assertThat(CountDelta.read(text)).as(text).isEmpty();
    }
  }
}
