package dev.pushgate.core.channel;

import dev.pushgate.core.outcome.Outcome;

/// Takes the outcome of something that was asked of a home, once. Called on the home's thread; must
/// not block.
@FunctionalInterface
public interface Answer<T> {
  void give(Outcome<T> outcome);
}
