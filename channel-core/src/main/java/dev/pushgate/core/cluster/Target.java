package dev.pushgate.core.cluster;

/// Whose sessions are meant, within an app. Immutable.
public sealed interface Target {
  /// All of a user (`sub` of a connection token).
  record User(String userId) implements Target {}

  /// All that say they are this client.
  record Client(String clientId) implements Target {}

  /// One connection, by the id that its `connected` frame told.
  record Connection(String connectionId) implements Target {}
}
