package dev.pushgate.gateway.relay.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.name.ChannelKey;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RendezvousTest {
  private static final List<String> PLACES = List.of("a:6379/0", "b:6379/0", "c:6379/0");
  private static final List<ChannelKey> CHANNELS =
      IntStream.range(0, 30_000).mapToObj(i -> TestNode.channel("room-" + i)).toList();

  @Test
  void channelsSpreadEvenly() {
    int[] counts = new int[PLACES.size()];
    for (String place : placesOf(PLACES)) {
      counts[PLACES.indexOf(place)]++;
    }
    assertThat(counts[0]).isBetween(9_500, 10_500);
    assertThat(counts[1]).isBetween(9_500, 10_500);
    assertThat(counts[2]).isBetween(9_500, 10_500);
  }

  @Test
  void theOrderOfTheSettingsDoesNotMatter() {
    assertThat(placesOf(PLACES.reversed())).isEqualTo(placesOf(PLACES));
  }

  @Test
  void anotherPlaceTakesItsShareAndMovesNothingElse() {
    List<String> more = new ArrayList<>(PLACES);
    more.add("d:6379/0");
    List<String> before = placesOf(PLACES);
    List<String> after = placesOf(more);

    int moved = 0;
    for (int i = 0; i < CHANNELS.size(); i++) {
      if (!after.get(i).equals(before.get(i))) {
        assertThat(after.get(i)).isEqualTo("d:6379/0");
        moved++;
      }
    }
    assertThat(moved).isBetween(7_000, 8_000);
  }

  /// Nodes of two versions must agree: this may never change.
  @Test
  void channelsStayWhereTheyAre() {
    assertThat(placesOf(PLACES).subList(0, 12).stream().map(place -> place.substring(0, 1)))
        .containsExactly("b", "a", "c", "b", "c", "b", "c", "b", "b", "c", "a", "b");
  }

  private static List<String> placesOf(List<String> places) {
    Rendezvous rendezvous = new Rendezvous(places);
    return CHANNELS.stream().map(key -> places.get(rendezvous.indexOf(key))).toList();
  }
}
