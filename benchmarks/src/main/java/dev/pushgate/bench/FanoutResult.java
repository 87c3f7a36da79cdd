package dev.pushgate.bench;

import java.util.List;
import java.util.OptionalLong;
import org.HdrHistogram.Histogram;

/// What was measured, and what was wrong. Immutable.
///
/// @param publications accepted while it was measured
/// @param deliveries received while it was measured
/// @param nanos how long it was measured
/// @param cpuNanos the server's CPU time meanwhile, when it could be looked at
/// @param micros from publishing to receiving
/// @param faults over the whole run
/// @param troubles what connections and publishes failed with, each kind once
public record FanoutResult(
    String name,
    long publications,
    long deliveries,
    long nanos,
    OptionalLong cpuNanos,
    Histogram micros,
    Faults faults,
    List<String> troubles) {

  public FanoutResult {
    troubles = List.copyOf(troubles);
  }

  /// @param lost messages that a subscriber did not get, or not in their place
  /// @param backward messages that a subscriber got twice, or behind a later one
  /// @param offsetFaults messages whose offset was not the next one of the stream
  /// @param refusedPublishes publishes that were not answered with 201
  /// @param brokenConnections subscribers whose connection ended before the end
  public record Faults(
      long lost, long backward, long offsetFaults, long refusedPublishes, long brokenConnections) {
    boolean isSound() {
      return lost == 0 && backward == 0 && offsetFaults == 0 && brokenConnections == 0;
    }
  }

  /// Whether something was measured, and nothing was wrong with it.
  boolean isSound() {
    return deliveries > 0 && faults.isSound();
  }

  double deliveriesPerSecond() {
    return deliveries * 1e9 / nanos;
  }

  double publicationsPerSecond() {
    return publications * 1e9 / nanos;
  }

  /// Microseconds of the server's CPU for each delivery; NaN when they are not known.
  double cpuMicrosPerDelivery() {
    return cpuNanos.isPresent() && deliveries > 0
        ? cpuNanos.getAsLong() / 1e3 / deliveries
        : Double.NaN;
  }
}
