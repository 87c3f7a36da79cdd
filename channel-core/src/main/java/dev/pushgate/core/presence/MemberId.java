package dev.pushgate.core.presence;

/// Whom a roster counts once, however many connections there are: a user (`sub` of a connection
/// token), or else a client. Immutable.
public sealed interface MemberId {
  record User(String userId) implements MemberId {}

  record Client(String clientId) implements MemberId {}
}
