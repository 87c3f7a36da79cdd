package dev.pushgate.core.presence;

/// Whom a roster counts once, however many connections there are: a user (`sub` of a connection
/// token), or else a client. Immutable.
public sealed interface MemberId {
  /// The id itself; a user and a client of one id are two members.
  String value();

  record User(String userId) implements MemberId {
    @Override
    public String value() {
      return userId;
    }
  }

  record Client(String clientId) implements MemberId {
    @Override
    public String value() {
      return clientId;
    }
  }
}
