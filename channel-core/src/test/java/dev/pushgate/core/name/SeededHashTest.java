package dev.pushgate.core.name;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SeededHashTest {
  private static final AppId APP = new AppId("app");

  @Test
  void namesThatStringsTakeForAlikeAreSpread() {
    Set<Integer> hashes = new HashSet<>();
    int[] ofShard = new int[4];
    for (int i = 0; i < 1 << 14; i++) {
      ChannelKey key = new ChannelKey(APP, new ChannelName(colliding(i)));
      hashes.add(key.hashCode());
      ofShard[key.homeOf(ofShard.length)]++;
    }
    assertThat(colliding(5).hashCode())
        .as("they do collide")
        .isEqualTo(colliding(9_999).hashCode());
    assertThat(hashes).hasSizeGreaterThan((1 << 14) - 10);
    assertThat(Arrays.stream(ofShard)).allMatch(channels -> channels > 3_500 && channels < 4_700);
  }

  private static String colliding(int number) {
    StringBuilder name = new StringBuilder();
    IntStream.range(0, 14).forEach(bit -> name.append((number >> bit & 1) == 0 ? "Aa" : "BB"));
    return name.toString();
  }

  @Test
  void equalTextsHaveEqualHashesWhateverTheirLength() {
    for (int length = 0; length < 20; length++) {
      String text = "x".repeat(length);
      assertThat(SeededHash.of(text)).isEqualTo(SeededHash.of(new String(text.toCharArray())));
    }
  }

  @Test
  void eachUnitAndTheLengthAndTheSeedCount() {
    Set<Long> hashes = new HashSet<>();
    for (int length = 0; length < 40; length++) {
      hashes.add(SeededHash.of("\0".repeat(length), 1, 2));
      for (int at = 0; at < length; at++) {
        hashes.add(SeededHash.of("\0".repeat(at) + 'x' + "\0".repeat(length - at - 1), 1, 2));
      }
    }
    hashes.add(SeededHash.of("", 1, 3));
    hashes.add(SeededHash.of("", 2, 2));
    assertThat(hashes).hasSize(40 + 40 * 39 / 2 + 2);
  }

  @Test
  void twoTextsDoNotRunTogether() {
    assertThat(SeededHash.of("ab", "c")).isNotEqualTo(SeededHash.of("a", "bc"));
  }

  @Test
  void keysOfOneHashAreInOneOrder() {
    ChannelKey a = new ChannelKey(APP, new ChannelName("a"));
    ChannelKey b = new ChannelKey(APP, new ChannelName("b"));
    ChannelKey other = new ChannelKey(new AppId("other"), new ChannelName("a"));
    assertThat(a.compareTo(b)).isNegative();
    assertThat(a.compareTo(other)).isNegative();
    assertThat(a).isEqualByComparingTo(new ChannelKey(APP, new ChannelName("a")));
  }
}
