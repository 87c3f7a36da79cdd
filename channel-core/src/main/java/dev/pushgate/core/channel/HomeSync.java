package dev.pushgate.core.channel;

/// What keeps a home of one mind with the one that has its stream: the store of a node that stands
/// alone, or the relay of a cluster. Confined to its home.
sealed interface HomeSync permits StoreSync, RelaySync {
  /// Lets a subscriber join as soon as the home knows its stream.
  void join(JoinRequest request);

  /// A join is called off that may still wait here.
  void callOff(JoinRequest request);

  /// Whether nothing waits here and nothing is asked.
  boolean isQuiet();

  /// Something was thrown in the middle of what was done with an answer: the truth is read again.
  void recover();

  /// The home is forgotten.
  void close();
}
