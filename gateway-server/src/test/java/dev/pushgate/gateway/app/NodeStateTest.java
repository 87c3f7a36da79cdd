package dev.pushgate.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.store.StoreHealth;
import org.junit.jupiter.api.Test;

class NodeStateTest {
  private StoreHealth store = health(true, true);
  private final NodeState state = new NodeState(() -> store);

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
    assertThat(state.checks()).containsEntry("store", false).containsEntry("store-owner", true);
  }

  @Test
  void aNodeThatLostItsDatabaseToAnotherIsNotReady() {
    state.open();
    store = health(true, false);

    assertThat(state.isReady()).isFalse();
    assertThat(state.checks()).containsEntry("store-owner", false);
  }

  private static StoreHealth health(boolean reachable, boolean owned) {
    return new StoreHealth(reachable, owned, 0, 0, 0, 0, 8, 0);
  }
}
