package dev.pushgate.rest;

import dev.pushgate.core.engine.Channels;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.store.ChannelCatalog.Listed;
import dev.pushgate.core.store.DeclaredChannel;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// Declared channels in a map.
final class FakeChannels implements Channels {
  final Map<ChannelKey, DeclaredChannel> declared = new LinkedHashMap<>();

  /// Names of private channels that were deleted.
  final Set<ChannelKey> privateNames = new HashSet<>();

  boolean isStoreAway;

  @Override
  public Optional<DeclaredChannel> declared(ChannelKey key) {
    return Optional.ofNullable(declared.get(key));
  }

  @Override
  public boolean isPrivate(ChannelKey key) {
    return declared(key).map(DeclaredChannel::isPrivate).orElse(privateNames.contains(key));
  }

  @Override
  public CompletionStage<Outcome<Listed>> declare(DeclaredChannel channel) {
    return answer(
        () ->
            declared.putIfAbsent(channel.key(), channel) == null
                ? Outcome.done(new Listed(channel, 0))
                : new Outcome.Refused<>(Refusal.CONFLICT));
  }

  @Override
  public CompletionStage<Outcome<Listed>> update(
      ChannelKey key, UnaryOperator<DeclaredChannel> change) {
    return answer(
        () -> {
          DeclaredChannel now = declared.computeIfPresent(key, (k, was) -> change.apply(was));
          return now == null
              ? new Outcome.Refused<>(Refusal.CHANNEL_NOT_FOUND)
              : Outcome.done(new Listed(now, 0));
        });
  }

  @Override
  public CompletionStage<Outcome<ChannelKey>> delete(ChannelKey key) {
    return answer(
        () ->
            declared.remove(key) == null
                ? new Outcome.Refused<>(Refusal.CHANNEL_NOT_FOUND)
                : Outcome.done(key));
  }

  private <T> CompletionStage<Outcome<T>> answer(Supplier<Outcome<T>> work) {
    return CompletableFuture.completedStage(
        isStoreAway ? new Outcome.Refused<>(Refusal.STORE_UNAVAILABLE) : work.get());
  }
}
