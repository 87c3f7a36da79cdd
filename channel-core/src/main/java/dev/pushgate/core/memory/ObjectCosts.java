package dev.pushgate.core.memory;

/// About what the engine's objects cost on the heap, in bytes, with ZGC and 8-byte references.
/// Names and data come on top. `HeapCostTest` and `WriteCostTest` hold them against a real heap.
/// Stateless.
public final class ObjectCosts {
  /// A session's subscription to a channel.
  public static final int SUBSCRIPTION = 320;

  /// The home of a channel, without its recent log.
  public static final int HOME = 960;

  /// What a shard keeps of a channel that has subscribers on it.
  public static final int CHANNEL = 240;

  /// What memory keeps of a declared channel, used or not.
  public static final int DECLARED = 360;

  /// An entry in a recent log.
  public static final int LOG_ENTRY = 410;

  /// One who is present in a channel, in all that keeps note of it.
  public static final int PRESENT = 1_000;

  /// One of whom a channel's home knows that it is present, on whatever node.
  public static final int MIRRORED = 200;

  /// The presence of a channel.
  public static final int PRESENCE = 2_600;

  /// A write of a buffer that many sockets share, from when it is queued until the socket has taken
  /// it: Netty's entry and the duplicate. Measured: 132.
  public static final int SHARED_WRITE = 140;

  /// A shared buffer, whatever is in it. Measured: 118.
  public static final int SHARED_BUFFER = 120;

  /// A frame of one client's own that waits: its buffer, Netty's entry, and the promise that says
  /// when it is gone. Measured: 291.
  public static final int OWN_WRITE = 300;

  private ObjectCosts() {}
}
