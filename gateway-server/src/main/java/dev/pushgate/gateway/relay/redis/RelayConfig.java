package dev.pushgate.gateway.relay.redis;

import dev.pushgate.auth.Secret;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the relay is told by the settings. Immutable.
///
/// @param urls each one Redis; at least one, no two of one identity
/// @param prefix what every key and channel in Redis begins with
/// @param timeout how long any command may take, from the call to the answer
/// @param headCheck how often it is asked where each stream stands
/// @param secret what envelopes are authenticated with; null for not at all
/// @param log what the relay keeps of each channel
/// @param limits what may wait in this node for one Redis
public record RelayConfig(
    List<RelayUrl> urls,
    String prefix,
    Duration timeout,
    Duration headCheck,
    @Nullable Secret secret,
    Log log,
    Limits limits) {

  public RelayConfig {
    urls = List.copyOf(urls);
  }

  /// @param messages how many publications a channel's stream keeps
  /// @param age how long it keeps one
  /// @param readBytes how many bytes of them one read brings at the most
  /// @param idempotencyTtl how long the answer to an idempotency key is remembered
  public record Log(int messages, Duration age, long readBytes, Duration idempotencyTtl) {}

  /// @param commands how many commands may be without an answer
  /// @param bytes how many bytes of them
  /// @param reads how many streams are read at once
  /// @param unarchived how many publications of declared channels may lie in one Redis that no
  ///     store has yet; beyond it publishes are refused
  public record Limits(int commands, long bytes, int reads, int unarchived) {}
}
