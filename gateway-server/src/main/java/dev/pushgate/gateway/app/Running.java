package dev.pushgate.gateway.app;

import java.net.InetSocketAddress;
import java.util.Optional;

/// A gateway that serves clients. Thread-safe.
public interface Running {
  /// Where clients are listened for, with the real port.
  InetSocketAddress address();

  /// Where operators are listened for, with the real port.
  InetSocketAddress managementAddress();

  /// The database, for people: a file or a URL without secrets.
  String store();

  /// What the first start made; empty on every later one.
  Optional<FirstStart> firstStart();

  /// Stops everything in reverse order within the set limit; returns when it is done. Does nothing
  /// the second time but wait.
  void stop();

  /// Waits until it is stopped, by whomever, or cannot go on, because another node has taken its
  /// database over.
  ///
  /// @return whether it was stopped; else it is the caller's to stop, and has failed
  boolean awaitStopped() throws InterruptedException;
}
