package dev.pushgate.gateway.net;

import dev.pushgate.core.memory.MemoryBudget;
import dev.pushgate.core.memory.MemoryKind;
import java.time.Duration;

/// How much and how long an HTTP connection may. Immutable.
///
/// @param maxBodyBytes the largest body of a request
/// @param memory what connections and the bodies and answers of all requests may take together
/// @param connections how many connections there may be
/// @param times how long each of them may take
/// @param leastRate what a client must keep up while it sends a body or takes an answer
/// @param socketBytes how much the system buffers for a socket, which no share counts; 0 for as
///     much as it likes
public record HttpLimits(
    int maxBodyBytes,
    MemoryBudget memory,
    Connections connections,
    Times times,
    LeastRate leastRate,
    int socketBytes) {

  /// The largest body that a client can bring when nobody else brings one.
  ///
  /// @param memory what the bodies of all may take
  public static long largestBodyBytes(MemoryBudget memory) {
    return Bodies.largestBytes(memory.share(MemoryKind.BODIES));
  }

  /// @param all of the node, WebSockets too
  /// @param perAddress of one client address, WebSockets not counted; 0 for no limit
  /// @param leastIdle how long one that was answered is kept whoever wants its place: who publishes
  ///     all the time asks again sooner
  public record Connections(int all, int perAddress, Duration leastIdle) {
    /// What one takes on the heap by itself, with its socket and an ordinary request.
    public static final int BYTES_OF_EACH = 3 * 1024;

    /// No limit: for listeners that only operators reach.
    public static final Connections UNLIMITED = new Connections(Integer.MAX_VALUE, 0);

    /// A second for who was answered.
    public Connections(int all, int perAddress) {
      this(all, perAddress, Duration.ofSeconds(1));
    }
  }

  /// @param handshake from accepting a connection to the end of its first request's head; also from
  ///     the first byte of a later request to the end of its head
  /// @param request from the end of a request's head to its answer; then again for the client to
  ///     take it
  /// @param idle how long a connection is kept after an answer for the next request
  public record Times(Duration handshake, Duration request, Duration idle) {}

  /// @param bytesPerSecond 0 for no least rate
  /// @param window how often it is looked at; whoever is done within the first need not keep it
  public record LeastRate(int bytesPerSecond, Duration window) {
    long bytesPerWindow() {
      return bytesPerSecond * window.toMillis() / 1000;
    }
  }
}
