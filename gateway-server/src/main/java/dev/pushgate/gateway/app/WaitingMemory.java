package dev.pushgate.gateway.app;

import dev.pushgate.core.memory.MemoryBudget;
import dev.pushgate.core.memory.MemoryKind;

/// Where publications may wait, and how many bytes of them. All publishes together are counted by
/// their publishers, no more than `pushgate.memory.waiting`: the places before the last one have
/// smaller limits, so that nobody waits behind all that one publisher may have waiting. Immutable.
record WaitingMemory(long bytes) {
  private static final int PARTS = 6;

  static WaitingMemory of(MemoryBudget memory) {
    return new WaitingMemory(memory.share(MemoryKind.WAITING).limitBytes());
  }

  /// For one event loop of so many; twice as much of publishes. With one of the largest bodies of
  /// default settings a node of the smallest heap is not full yet.
  long inMailbox(int shards) {
    return bytes / PARTS / shards;
  }

  /// At the homes of one shard, because of the store or the relay.
  long atHomes(int shards) {
    return bytes / PARTS / shards;
  }

  /// To be written by one thread of the store: whatever was let that far.
  long inStore() {
    return bytes;
  }

  /// Sent to one relay server and not answered: whatever was let that far, where each message
  /// counts twice.
  long atRelay() {
    return bytes / 2;
  }
}
