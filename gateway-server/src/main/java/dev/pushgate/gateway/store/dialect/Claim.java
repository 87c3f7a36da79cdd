package dev.pushgate.gateway.store.dialect;

/// What a process wants of a database's streams. Immutable.
public enum Claim {
  /// Nothing: a tool beside a running node reads everything and changes apps and keys, but writes
  /// no stream.
  NONE,

  /// To be the one that writes them.
  ALONE,

  /// To write them beside the other nodes of a cluster, which agree on places by their relay.
  SHARED
}
