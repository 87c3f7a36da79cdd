package dev.pushgate.rest;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.publication.IdempotencyKey;
import dev.pushgate.core.publication.PublishRequest;
import dev.pushgate.core.publication.Published;
import dev.pushgate.core.relay.Relay;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Accepts what it is given, remembers answers by idempotency key, and can be told to do otherwise.
final class FakeRelay implements Relay {
  final List<PublishRequest> requests = new ArrayList<>();
  private final Map<ChannelKey, Integer> heads = new HashMap<>();
  private final Map<String, Published> remembered = new HashMap<>();
  private final Map<String, String> digests = new HashMap<>();
  private @Nullable Function<PublishRequest, CompletionStage<Outcome<Published>>> instead;
  long nowMs = 1_795_315_735_123L;

  void answerWith(Function<PublishRequest, CompletionStage<Outcome<Published>>> other) {
    instead = other;
  }

  void refuseAll(Refusal refusal) {
    answerWith(request -> CompletableFuture.completedStage(new Outcome.Refused<>(refusal)));
  }

  @Override
  public CompletionStage<Outcome<Published>> publish(PublishRequest request) {
    requests.add(request);
    return instead == null
        ? CompletableFuture.completedStage(accept(request))
        : instead.apply(request);
  }

  Outcome<Published> accept(PublishRequest request) {
    IdempotencyKey key = request.idempotencyKey();
    String place = key == null ? null : request.key() + " " + key.value();
    if (key != null && remembered.containsKey(place)) {
      return key.digest().equals(digests.get(place))
          ? Outcome.done(remembered.get(place))
          : new Outcome.Refused<>(Refusal.CONFLICT);
    }
    Published published = published(request);
    if (key != null) {
      remembered.put(place, published);
      digests.put(place, key.digest());
    }
    return Outcome.done(published);
  }

  private Published published(PublishRequest request) {
    int offset = heads.merge(request.key(), 1, Integer::sum);
    return new Published(
        request.key(),
        new StreamPosition("e1", offset),
        "m" + offset,
        request.eventType(),
        request.clientId(),
        3,
        nowMs++);
  }

  PublishRequest only() {
    if (requests.size() != 1) {
      throw new AssertionError("published " + requests.size() + " messages, not one");
    }
    return requests.getFirst();
  }

  /// Channel and idempotency key, as stored, of each answer that is remembered.
  Set<String> keys() {
    return Set.copyOf(remembered.keySet());
  }

  /// The data of each message that got here, as text.
  List<String> data() {
    return requests.stream()
        .map(request -> new String(request.data(), StandardCharsets.UTF_8))
        .toList();
  }
}
