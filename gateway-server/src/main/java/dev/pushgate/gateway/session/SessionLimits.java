package dev.pushgate.gateway.session;

import dev.pushgate.core.memory.MemoryParts;
import dev.pushgate.core.pace.DoublingPause;
import java.time.Duration;

/// What one session may take. Immutable.
///
public record SessionLimits(
    Inbound inbound, Outbound outbound, Times times, Room room, Sending sending) {

  /// @param frameBytes the longest message from a client
  /// @param framesPerSecond how many frames a client may go on sending each second
  /// @param frameBurst how many it may send at once
  /// @param subscriptions how many channels a session may have
  /// @param publishesInFlight how many publishes may be unanswered
  public record Inbound(
      int frameBytes,
      int framesPerSecond,
      int frameBurst,
      int subscriptions,
      int publishesInFlight) {}

  /// @param maxBytes how much may wait for a client's socket before it is a slow consumer
  /// @param lowWaterBytes below how much the next command of a client is carried out; this, the
  ///     bytes of a recent log and some headroom have to fit into `maxBytes`
  public record Outbound(int maxBytes, int lowWaterBytes) {}

  /// @param replayPerSecond how many bytes of what was missed a connection is given in a second; 0
  ///     for any number
  /// @param replayBurst how many it is given at once
  /// @param replayOfLoop how many bytes of that all connections of one event loop are given in a
  ///     second; 0 for any number
  /// @param parts of that, and of the memory for it, for one key and for one address
  public record Sending(
      long replayPerSecond, long replayBurst, long replayOfLoop, MemoryParts parts) {
    /// Without bounds for all connections together.
    public Sending(long replayPerSecond, long replayBurst) {
      this(replayPerSecond, replayBurst, 0, MemoryParts.WHOLE);
    }
  }

  /// @param perApp how many sessions an app may have on this node; 0 for any number
  /// @param perAddress how many a client address may have; 0 for any number
  public record Room(int perApp, int perAddress) {}

  /// @param pingAfter after how long a silence of the client it is asked for a sign of life
  /// @param idleAfter after how long a silence it is closed
  /// @param linger how long a client has to answer a close frame
  /// @param leaving how long a session that ends waits for what was asked before
  /// @param message how long a message may take from its first byte to its last
  /// @param replayTurns how long a subscribe that is not answered keeps other replays of its
  ///     connection waiting
  public record Times(
      Duration pingAfter,
      Duration idleAfter,
      Duration linger,
      DoublingPause replayTurns,
      Duration leaving,
      Duration message) {}
}
