package dev.pushgate.gateway.store;

import dev.pushgate.auth.ApiKey;
import dev.pushgate.auth.App;
import dev.pushgate.auth.App.SigningSecret;
import dev.pushgate.auth.KeyKind;
import dev.pushgate.auth.Secret;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.publication.IdempotencyKey;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.publication.Published;
import dev.pushgate.core.store.DeclaredChannel;
import dev.pushgate.core.store.RememberedAnswer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Things to store. Thread-safe.
final class Samples {
  static final String EPOCH = "e1";
  static final long CREATED_MS = 1_767_000_000_123L;

  private static final AtomicInteger COUNTER = new AtomicInteger();

  private Samples() {}

  /// A channel's key that no other test uses.
  static ChannelKey key() {
    return key(AppId.DEFAULT);
  }

  static ChannelKey key(AppId app) {
    return new ChannelKey(app, new ChannelName("room-" + COUNTER.incrementAndGet()));
  }

  static DeclaredChannel channel(ChannelKey key) {
    return new DeclaredChannel(
        "ch_" + COUNTER.incrementAndGet(), key, "Room", null, false, null, CREATED_MS, CREATED_MS);
  }

  static Publication publication(ChannelKey key, long offset) {
    return publication(key, EPOCH, offset, "{\"n\":" + offset + "}");
  }

  static Publication publication(ChannelKey key, String epoch, long offset, String json) {
    return new Publication(
        key,
        new StreamPosition(epoch, offset),
        "m-" + key.name() + "-" + offset,
        "new",
        "tester",
        json.getBytes(StandardCharsets.UTF_8),
        CREATED_MS + offset);
  }

  static RememberedAnswer answer(String idempotencyKey, Publication publication, long expiresAtMs) {
    return new RememberedAnswer(
        IdempotencyKey.of(
            IdempotencyKey.SERVERS,
            idempotencyKey,
            publication.eventType(),
            publication.clientId(),
            publication.data()),
        Published.of(publication, 7),
        expiresAtMs);
  }

  static App app(AppId id) {
    return new App(
        id,
        "Acme",
        List.of("https://a.example", "http://localhost:3000"),
        true,
        false,
        List.of(
            new SigningSecret("new", new Secret("s3cret-new"), Instant.ofEpochMilli(2_000)),
            new SigningSecret("old", new Secret("s3cret-old"), Instant.ofEpochMilli(1_000))),
        Instant.ofEpochMilli(CREATED_MS));
  }

  static ApiKey apiKey(AppId app, KeyKind kind) {
    int number = COUNTER.incrementAndGet();
    return new ApiKey(
        "key_" + number,
        app,
        kind,
        "label " + number,
        kind.prefix() + "abc",
        "hash-" + number,
        Instant.ofEpochMilli(CREATED_MS + number),
        null,
        null,
        null);
  }
}
