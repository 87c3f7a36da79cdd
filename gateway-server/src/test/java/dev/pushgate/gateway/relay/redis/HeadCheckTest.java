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
            .mapToObj(i -> new Followed(TestNode.channel("room-" + i)))
            .toList();
    Set<Followed> checked = new HashSet<>();
    for (int part = 0; part < HeadCheck.PARTS; part++) {
      List<Followed> some = HeadCheck.part(all, part);
      assertThat(some).hasSizeBetween(500, 2_000).doesNotContainAnyElementsOf(checked);
      checked.addAll(some);
    }
    assertThat(checked).hasSize(all.size());
  }
}
