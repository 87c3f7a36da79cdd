package dev.pushgate.core.channel;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.publication.IdempotencyKey;
import dev.pushgate.core.publication.PublishRequest;
import dev.pushgate.core.publication.Published;
import dev.pushgate.core.store.OpenedStream;
import dev.pushgate.core.store.RememberedAnswer;
import org.jspecify.annotations.Nullable;

/// What publishers of a channel are answered, and what is remembered of it under their idempotency
/// keys. Confined to its home.
final class PublishAnswers {
  private final ChannelKey key;
  private final HomeHost host;

  PublishAnswers(ChannelKey key, HomeHost host) {
    this.key = key;
    this.host = host;
  }

  /// False when the request repeats another: then it gets that one's answer.
  boolean begin(PublishRequest request, Answer<Published> answer) {
    IdempotencyKey idempotencyKey = request.idempotencyKey();
    return idempotencyKey == null
        || host.idempotency().begin(key, idempotencyKey, request.holder(), answer, host.steadyMs());
  }

  /// Gives the outcome to the publisher and to whoever repeated its key.
  void settle(PublishRequest request, Answer<Published> answer, Outcome<Published> outcome) {
    IdempotencyKey idempotencyKey = request.idempotencyKey();
    if (idempotencyKey != null) {
      host.idempotency().settle(key, idempotencyKey, outcome, expiry(host.steadyMs()));
    }
    answer.give(outcome);
  }

  /// Gives the answer that is remembered under the request's key, if one is; needs no store.
  boolean repeat(PublishRequest request, Answer<Published> answer) {
    IdempotencyKey idempotencyKey = request.idempotencyKey();
    return idempotencyKey != null
        && host.idempotency().repeat(key, idempotencyKey, answer, host.steadyMs());
  }

  /// What the store is to remember of it; null without a key.
  @Nullable RememberedAnswer remembered(PublishRequest request, Published published) {
    IdempotencyKey idempotencyKey = request.idempotencyKey();
    return idempotencyKey == null
        ? null
        : new RememberedAnswer(idempotencyKey, published, expiry(published.createdAtMs()));
  }

  /// Takes over what the store remembers of the channel. The store counts by the time of day as it
  /// believes it; what it says is left of an answer's time is never more than a whole one, whatever
  /// was set meanwhile.
  void restore(OpenedStream stream) {
    long nowMs = stream.nowMs();
    long steadyMs = host.steadyMs();
    host.idempotency()
        .restore(
            key,
            stream.answers(),
            answer -> Math.min(steadyMs + answer.expiresAtMs() - nowMs, expiry(steadyMs)));
  }

  private long expiry(long fromMs) {
    return fromMs + host.limits().idempotency().ttl().toMillis();
  }
}
