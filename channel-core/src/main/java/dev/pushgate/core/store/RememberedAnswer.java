package dev.pushgate.core.store;

import dev.pushgate.core.publication.IdempotencyKey;
import dev.pushgate.core.publication.Published;

/// The answer that a retry with the same idempotency key gets. Immutable.
///
/// @param expiresAtMs from when on the key is new again, in milliseconds since 1970
public record RememberedAnswer(IdempotencyKey key, Published answer, long expiresAtMs) {}
