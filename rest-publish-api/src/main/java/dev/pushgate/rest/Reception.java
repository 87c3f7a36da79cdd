package dev.pushgate.rest;

/// What becomes of a request's body, as far as its head tells. Immutable.
public sealed interface Reception {
  /// It is read, up to so many bytes, or the transport's own limit where that is lower.
  record Read(int maxBytes) implements Reception {}

  /// It is not read: the request comes to nothing, whatever it holds.
  record Refused(ApiResponse answer) implements Reception {}
}
