package dev.pushgate.core.relay;

/// A relay that carries publications between nodes, as the engine of one of them needs it.
/// Thread-safe.
public interface SharedRelay extends Relay {
  RelayStreams streams();

  /// Names the one that is brought what is followed. Called once, before the first
  /// [RelayStreams#follow].
  void start(RelayListener listener);
}
