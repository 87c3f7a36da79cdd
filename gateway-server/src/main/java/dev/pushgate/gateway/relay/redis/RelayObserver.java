package dev.pushgate.gateway.relay.redis;

/// What meters hear of the relay. Thread-safe; no method blocks or throws.
public interface RelayObserver {
  /// Why an envelope was dropped.
  enum Drop {
    /// Not of the closed schema, or of another version.
    SHAPE,
    /// Not authenticated by this cluster's secret.
    SECRET,
    /// Of another channel than the one it came through.
    CHANNEL,
    /// A home had no room for it; it will be read from the stream.
    NO_ROOM
  }

  /// A connection is being opened.
  void dialled(String shard);

  /// A command got no answer, or an error.
  void failed(String shard);

  /// A publish was refused for want of the relay.
  void publishRefused();

  /// A publication came.
  ///
  /// @param lagMs how long after it was accepted, by this node's clock
  void arrived(long lagMs);

  void dropped(Drop reason);

  /// A home read a stream.
  ///
  /// @param publications how many it had not heard
  void read(int publications);

  /// A stream lost its past: a new epoch was told.
  void epochBegan();

  /// A message came that nobody listens to.
  void unheard();
}
