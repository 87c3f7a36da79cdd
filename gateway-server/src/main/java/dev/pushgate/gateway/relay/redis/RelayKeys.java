package dev.pushgate.gateway.relay.redis;

import dev.pushgate.core.name.ChannelKey;

/// What keys and pub/sub channels are called in Redis: all begin with the cluster's prefix. Those
/// of one channel have its name in braces. Immutable.
///
/// @param prefix of at least one character
public record RelayKeys(String prefix) {
  /// The hash that says where a channel's stream stands.
  String meta(ChannelKey key) {
    return of(key, "m");
  }

  String stream(ChannelKey key) {
    return of(key, "s");
  }

  /// The remembered answer of an idempotency key.
  String answer(ChannelKey key, String idempotencyKey) {
    return of(key, "i:" + idempotencyKey);
  }

  /// The pub/sub channel that brings a channel's envelopes.
  String channel(ChannelKey key) {
    return prefix + ":c:" + key;
  }

  /// The stream of publications that no store has yet.
  String unarchived() {
    return prefix + ":unarchived";
  }

  /// What connections are tried with: a key, and a pub/sub channel.
  String probe() {
    return prefix + ":probe";
  }

  /// A key for trying whether commands are allowed, and a pub/sub channel.
  String rights(String what) {
    return prefix + ":rights:" + what;
  }

  /// A key of a channel.
  String of(ChannelKey key, String what) {
    return prefix + ":{" + key + "}:" + what;
  }
}
