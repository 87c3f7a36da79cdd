package dev.pushgate.core.shard;

import dev.pushgate.core.memory.MemoryHolder;

/// What waits to be sent to one client, as [OutboundMemory] sees it. Confined to its shard's loop.
public interface OutboundQueue {
  /// On whose account it waits.
  MemoryHolder holder();

  /// Bytes that wait, those included that other queues hold too.
  long pendingBytes();

  /// How many frames of its own wait.
  int ownWrites();

  /// In how many writes that was left behind by the last flush which other queues hold too.
  int sharedWrites();

  /// Grows whenever the client takes bytes, and never otherwise.
  long drainedBytes();

  /// Ends the client's session as a slow consumer and tells it so: soon, never during this call.
  void closeSlow();

  /// Cuts the connection at once and drops what waits. The session ends later: no set of
  /// subscribers changes during this call.
  void cut();
}
