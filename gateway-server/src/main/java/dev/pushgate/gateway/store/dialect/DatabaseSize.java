package dev.pushgate.gateway.store.dialect;

/// How much disk a database takes. Immutable.
///
/// @param bytes of the database itself
/// @param walBytes of the write-ahead log beside it, where that is a file of this database alone;
///     else 0
public record DatabaseSize(long bytes, long walBytes) {
  /// Of a database that was not measured yet.
  public static final DatabaseSize UNKNOWN = new DatabaseSize(0, 0);
}
