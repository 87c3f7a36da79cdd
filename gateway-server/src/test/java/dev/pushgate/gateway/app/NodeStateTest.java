package dev.pushgate.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.pushgate.gateway.relay.redis.Trouble;
import dev.pushgate.gateway.store.CanaryBoard.Sighting;
import dev.pushgate.gateway.store.StoreHealth;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NodeStateTest {
  private static final String REDIS = "Redis_1:6379";

  private final Map<String, Long> ages = new HashMap<>();
  private long nowMs = 1_000_000;
  private boolean fits = true;
  private @Nullable Trouble trouble;
  private StoreHealth store = health(true, true);
  private final RelayWatch relay = new RelayWatch("me", this::shards, () -> nowMs * 1_000_000);
  private final NodeState state = new NodeState(() -> store, relay);

  @Test
  void aNodeIsReadyFromItsOpeningUntilItLeaves() {
    assertThat(state.isReady()).isFalse();
    state.open();
    assertThat(state.isReady()).isTrue();
    state.leave();
    assertThat(state.isReady()).isFalse();
  }

  @Test
  void aNodeWhoseStoreIsAwayIsReadyButDegraded() {
    state.open();
    store = health(false, true);

    assertThat(state.isReady()).isTrue();
    assertThat(state.checks())
        .containsEntry("store", false)
        .containsEntry("store-statements", true)
        .containsEntry("store-owner", true);
    assertThat(state.reasons()).containsExactly(Map.entry("store", "the disk is full"));
  }

  @Test
  void aStoreThatRefusesOnlySomeOfWhatItIsAskedMakesTheNodeDegraded() {
    state.open();
    store = new StoreHealth(true, "permission denied", true, 0, 0, 0, 0, 8, 0);

    assertThat(state.isReady()).isTrue();
    assertThat(state.checks())
        .containsEntry("store", true)
        .containsEntry("store-statements", false);
    assertThat(state.reasons()).containsExactly(Map.entry("store-statements", "permission denied"));
    store = health(true, true);
    assertThat(state.checks()).containsEntry("store-statements", true);
    assertThat(state.reasons()).isEmpty();
  }

  @Test
  void aNodeThatLostItsDatabaseToAnotherIsNotReady() {
    state.open();
    store = health(true, false);

    assertThat(state.isReady()).isFalse();
    assertThat(state.checks()).containsEntry("store-owner", false);
  }

  @Test
  void aNodeWhoseOwnCanaryAloneIsLostIsNotReady() {
    state.open();
    ages.put(REDIS, 10_001L);
    ages.put("other:6379", 100L);
    boardSays(3, sighting("you", REDIS, 4_999));

    assertThat(state.isReady()).isFalse();
    assertThat(state.checks())
        .containsEntry("relay-redis-1:6379", false)
        .containsEntry("relay-other:6379", true);
    ages.put(REDIS, 10_000L);
    assertThat(state.isReady()).isTrue();
  }

  @Test
  void aNodeThatNeverHadItsCanaryBackIsNotReadyWhileAnotherHas() {
    state.open();
    ages.put(REDIS, RelayWatch.NEVER);
    assertThat(state.isReady()).isTrue();
    assertThat(relay.toNote()).isEmpty();
    boardSays(1, sighting("you", REDIS, -1)); // from before the clock was set back
    assertThat(state.isReady()).isTrue();
    boardSays(1, sighting("you", REDIS, 0));

    assertThat(state.isReady()).isFalse();
  }

  @Test
  void aNodeWhoseRelayIsNotThatOfTheOthersIsNotReady() {
    state.open();
    assertThat(state.checks()).doesNotContainKey("relay-urls");
    ages.put(REDIS, 100L);
    assertThat(state.isReady()).isTrue();
    assertThat(state.checks()).containsEntry("relay-urls", true);
    fits = false;

    assertThat(state.isReady()).isFalse();
    assertThat(state.checks()).containsEntry("relay-urls", false);
    fits = true;
    assertThat(state.isReady()).isTrue();
  }

  @Test
  void aRelayThatAllHaveLostLeavesTheNodeReadyButDegraded() {
    state.open();
    ages.put(REDIS, 60_000L);
    ages.put("other:6379", 0L);
    boardSays(
        3,
        sighting("you", REDIS, 5_000),
        sighting("me", REDIS, 0),
        sighting("you", "other:6379", 0));

    assertThat(state.isReady()).isTrue();
    assertThat(state.checks()).containsValue(false);
  }

  @Test
  void aCanaryThatComesBackALittleLaterThanAnotherNodesDoesNotMatter() {
    state.open();
    ages.put(REDIS, 20_000L);
    boardSays(2, sighting("you", REDIS, 100));
    assertThat(state.isReady()).isTrue();
    boardSays(1);
    boardSays(2, sighting("you", REDIS, 100));
    assertThat(state.isReady()).isTrue();
    boardSays(1, sighting("you", REDIS, 100));
    assertThat(state.isReady()).isFalse();
  }

  @Test
  void whatTheBoardSaidLongAgoSaysNothing() {
    state.open();
    ages.put(REDIS, 20_000L);
    boardSays(3, sighting("you", REDIS, 100));
    nowMs += 5_001;

    assertThat(state.isReady()).isTrue();
    boardSays(1, sighting("you", REDIS, 100));
    assertThat(state.isReady()).isTrue();
  }

  @Test
  void aRelayThatRefusesIsDownAtOnceAndQuoted() {
    state.open();
    ages.put(REDIS, 100L);
    assertThat(state.reasons()).isEmpty();
    trouble = new Trouble(Trouble.Kind.OOM, "OOM command not allowed");

    assertThat(state.isReady()).isTrue();
    assertThat(state.checks()).containsEntry("relay-redis-1:6379", false);
    assertThat(state.reasons())
        .containsExactly(entry("relay-redis-1:6379", "OOM command not allowed"));
  }

  @Test
  void aRelayThatIsOnlySilentIsDownWhenItHasBeenSoForLong() {
    state.open();
    ages.put(REDIS, 10_000L);
    trouble = new Trouble(Trouble.Kind.UNREACHABLE, "the connection is closed");
    assertThat(state.checks()).containsEntry("relay-redis-1:6379", true);
    assertThat(state.reasons()).isEmpty();
    ages.put(REDIS, 10_001L);
    assertThat(state.reasons()).containsValue("the connection is closed");
    trouble = null;

    assertThat(state.checks()).containsEntry("relay-redis-1:6379", false);
    assertThat(state.reasons()).containsValue("what this node sends itself does not come back");
  }

  private List<RelayWatch.Shard> shards() {
    return ages.entrySet().stream()
        .map(
            age ->
                new RelayWatch.Shard(
                    boardName(age.getKey()), age.getKey(), age.getValue(), fits, trouble))
        .toList();
  }

  private static String boardName(String relay) {
    return relay + "/0";
  }

  private void boardSays(int times, Sighting... rows) {
    for (int i = 0; i < times; i++) {
      nowMs += 2_000;
      relay.seen(List.of(rows));
    }
  }

  private static Sighting sighting(String node, String relay, long ageMs) {
    return new Sighting(node, boardName(relay), ageMs);
  }

  private static StoreHealth health(boolean reachable, boolean owned) {
    return new StoreHealth(
        reachable, reachable ? null : "the disk is full", owned, 0, 0, 0, 0, 8, 0);
  }
}
