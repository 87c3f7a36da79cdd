package dev.pushgate.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.store.CanaryBoard.Sighting;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StrangersTest {
  private final List<Sighting> board = new ArrayList<>();
  private Set<String> known = Set.of("me");
  private long nowMs = -1_000_000;
  private Runnable meanwhile = () -> {};
  private final Strangers strangers =
      new Strangers("me", this::board, () -> known, this::pause, () -> nowMs * 1_000_000);

  @Test
  void othersThatTheRelayDoesNotKnowAreOnAnotherOne() {
    writes("you", 100);
    writes("them", 100);
    meanwhile = () -> renews();

    assertThat(strangers.find()).contains("you");
    assertThat(nowMs).isBetween(-990_000L, -989_000L);
  }

  @Test
  void oneThatTheRelayKnowsIsEnough() {
    writes("you", 100);
    writes("them", 100);
    known = Set.of("me", "them");

    assertThat(strangers.find()).isEmpty();
    assertThat(nowMs).isEqualTo(-1_000_000);
  }

  @Test
  void theFirstNodeHasNobodyToMeet() {
    writes("me", 100);
    writes("gone", 5_000);
    writes("set back", -1);

    assertThat(strangers.find()).isEmpty();
    assertThat(nowMs).isEqualTo(-1_000_000);
  }

  @Test
  void whoLeftJustNowIsNoStranger() {
    writes("gone", 100);

    assertThat(strangers.find()).isEmpty();
    assertThat(nowMs).isLessThan(-994_000);
  }

  @Test
  void othersMayNeedAMomentAfterTheRelayLostItsData() {
    writes("you", 100);
    meanwhile =
        () -> {
          renews();
          known = Set.of("me", "you");
        };

    assertThat(strangers.find()).isEmpty();
  }

  @Test
  void aRelayThatIsAwayTellsNothing() {
    writes("you", 100);
    known = Set.of();

    assertThat(strangers.find()).isEmpty();
  }

  private void writes(String node, long ageMs) {
    board.add(new Sighting(node, "one", ageMs));
  }

  private void renews() {
    board.replaceAll(row -> new Sighting(row.node(), row.relay(), 100));
  }

  private List<Sighting> board() {
    return List.copyOf(board);
  }

  private void pause() {
    nowMs += 500;
    board.replaceAll(row -> new Sighting(row.node(), row.relay(), row.ageMs() + 500));
    meanwhile.run();
  }
}
