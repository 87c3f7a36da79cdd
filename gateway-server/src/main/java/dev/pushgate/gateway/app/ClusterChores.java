package dev.pushgate.gateway.app;

import dev.pushgate.core.engine.ClusterChannels;
import dev.pushgate.gateway.store.CanaryBoard;
import java.util.List;

/// What a node of a cluster does now and then beside what every node does. Stateless.
final class ClusterChores {
  private static final long BOARD_EVERY_MS = 2_000;

  /// Only what no notice told: those come at once.
  private static final long CHANNELS_EVERY_MS = 60_000;

  private ClusterChores() {}

  static List<Chores.Periodic> of(RelayWatch watch, CanaryBoard board, ClusterChannels channels) {
    return List.of(
        new Chores.Periodic(
            BOARD_EVERY_MS,
            "Comparing the relay with the other nodes",
            () -> compare(watch, board)),
        new Chores.Periodic(
            CHANNELS_EVERY_MS,
            "Looking for changed channels",
            () -> StoreStage.await(channels.readAll())));
  }

  static void compare(RelayWatch watch, CanaryBoard board) {
    StoreStage.await(board.note(watch.node(), watch.toNote()));
    watch.seen(StoreStage.await(board.read()));
  }
}
