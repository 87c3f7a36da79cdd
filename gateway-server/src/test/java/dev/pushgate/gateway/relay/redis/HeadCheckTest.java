package dev.pushgate.gateway.relay.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HeadCheckTest {
  @Test
  void eachStreamIsInOnePartAndNoPartIsLarge() {
    List<Followed> all =
        IntStream.range(0, 30_000)
            .mapToObj(i -> new Followed(TestNode.channel("room-" + i), new byte[0]))
            .toList();
    Set<Followed> checked = new HashSet<>();
    for (int part = 0; part < HeadCheck.PARTS; part++) {
      List<Followed> some = HeadCheck.part(all, part);
      assertThat(some).hasSizeBetween(800, 1_200);
      some.forEach(stream -> assertThat(checked.add(stream)).isTrue());
    }
    assertThat(checked).hasSize(all.size());
  }
}
