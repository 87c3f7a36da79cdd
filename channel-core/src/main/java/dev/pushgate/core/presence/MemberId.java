package dev.pushgate.core.presence;

import dev.pushgate.core.name.SeededHash;

/// Whom a roster counts once, however many connections there are: a user (`sub` of a connection
/// token), or else a client. Immutable; its hash is seeded, for clients choose their ids.
public sealed interface MemberId {
  /// The id itself; a user and a client of one id are two members.
  String value();

  record User(String userId) implements MemberId, Comparable<User> {
    @Override
    public String value() {
      return userId;
    }

    @Override
    public int compareTo(User other) {
      return userId.compareTo(other.userId);
    }

    @Override
    public int hashCode() {
      return SeededHash.of(userId);
    }
  }

  record Client(String clientId) implements MemberId, Comparable<Client> {
    @Override
    public String value() {
      return clientId;
    }

    @Override
    public int compareTo(Client other) {
      return clientId.compareTo(other.clientId);
    }

    @Override
    public int hashCode() {
      return SeededHash.of(clientId);
    }
  }
}
