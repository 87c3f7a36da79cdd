package dev.pushgate.gateway.relay.redis;

/// What the control plane's keys and pub/sub channels are called in Redis. Immutable.
///
/// @param prefix what every one of them begins with
record ControlKeys(String prefix) {
  /// zset: node -> end of its lease, in ms of Redis's clock.
  String nodes() {
    return prefix + ":nodes";
  }

  /// What a node says of itself; with an empty id what all of these begin with.
  String node(String id) {
    return prefix + ":node:" + id;
  }

  /// What a node counts; see [#node].
  String count(String id) {
    return prefix + ":count:" + id;
  }

  /// A node's entries of presence; see [#node].
  String present(String id) {
    return prefix + ":present:" + id;
  }

  /// The nodes that have entries of presence.
  String present() {
    return prefix + ":present";
  }

  /// When anybody's heartbeat was last.
  String heartbeat() {
    return prefix + ":heartbeat";
  }

  /// There while nobody may be reaped: Redis was away, or is new.
  String noReap() {
    return prefix + ":noreap";
  }

  String fingerprint() {
    return prefix + ":fingerprint";
  }

  /// The stream of notices, and the pub/sub channel that hastens heartbeats.
  String notices() {
    return prefix + ":notices";
  }

  /// The pub/sub channel on which counts are told.
  String counts() {
    return prefix + ":counts";
  }

  /// The pub/sub channel on which a node hears itself.
  String canary(String id) {
    return prefix + ":canary:" + id;
  }
}
