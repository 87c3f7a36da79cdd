package dev.pushgate.rest;

import org.jspecify.annotations.Nullable;

/// A message as a body describes it, before anybody asked where it may go. Immutable.
///
/// @param clientId null when the body names none
/// @param data one JSON value in UTF-8, as it was written
/// @param idempotencyKey null when the publisher gave none
record Draft(
    String eventType, @Nullable String clientId, byte[] data, @Nullable String idempotencyKey) {

  /// The same under another idempotency key.
  Draft under(String key) {
    return new Draft(eventType, clientId, data, key);
  }
}
