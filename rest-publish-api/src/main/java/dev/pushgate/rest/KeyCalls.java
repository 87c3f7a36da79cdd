package dev.pushgate.rest;

import dev.pushgate.auth.ApiKey;
import dev.pushgate.auth.KeyKind;
import dev.pushgate.auth.Keys;
import dev.pushgate.auth.NewKey;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.rest.json.JsonBody;
import dev.pushgate.rest.json.JsonValue;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Listing, making and revoking an app's keys. Thread-safe.
final class KeyCalls {
  private static final Logger log = LoggerFactory.getLogger(KeyCalls.class);
  private static final KnownFields KNOWN = KnownFields.of("kind", "label", "expiresAt");
  private static final int MAX_TIME_LENGTH = 64;

  private final Keys keys;
  private final Clock clock;

  KeyCalls(Keys keys, Clock clock) {
    this.keys = keys;
    this.clock = clock;
  }

  /// `GET /keys`
  CompletionStage<Outcome<ApiResponse>> list(Call call) {
    ApiResponse answer =
        Answers.items(keys.list(call.app().id()), (json, key) -> Shapes.key(json, key, null));
    return Steps.now(Outcome.done(answer));
  }

  private record Wanted(KeyKind kind, String label, @Nullable Instant expiresAt) {}

  /// `POST /keys`
  CompletionStage<Outcome<ApiResponse>> create(Call call) {
    return Steps.after(
        JsonBody.read(call.request().body())
            .flatMap(body -> wanted(new Fields(body).noneUnknown(KNOWN))),
        wanted ->
            keys.create(call.app().id(), wanted.kind(), wanted.label(), wanted.expiresAt())
                .thenApply(made -> made(call, made)));
  }

  private static Outcome<ApiResponse> made(Call call, NewKey made) {
    if (!made.isKnown()) {
      log.warn(
          "Request {}: the new key {} works when the store answers again",
          call.request().requestId(),
          made.key().id());
    }
    return Outcome.done(
        Answers.success(201, json -> Shapes.key(json, made.key(), made.text().reveal())));
  }

  private Outcome<Wanted> wanted(Fields fields) {
    Optional<KeyKind> kind = kind(fields);
    String label = fields.text("label", 0, ApiKey.MAX_LABEL_LENGTH);
    Instant expiresAt = expiresAt(fields);
    return kind.isPresent() && fields.valid()
        ? Outcome.done(new Wanted(kind.get(), label == null ? "" : label, expiresAt))
        : fields.refused();
  }

  private static Optional<KeyKind> kind(Fields fields) {
    JsonValue value = fields.given("kind");
    Optional<KeyKind> kind =
        value != null && value.isString() ? KeyKind.ofWireName(value.text()) : Optional.empty();
    if (kind.isEmpty()) {
      fields.problem(
          "kind", value == null ? Fields.REQUIRED : "must be publish, secret or management");
    }
    return kind;
  }

  private @Nullable Instant expiresAt(Fields fields) {
    String text = fields.text("expiresAt", 1, MAX_TIME_LENGTH);
    if (text == null) {
      return null;
    }
    try {
      Instant time = OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MILLIS);
      if (ApiKey.mayEndAt(time, clock.instant())) {
        return time;
      }
      fields.problem("expiresAt", "must be in the future, and before the year 10000");
    } catch (DateTimeException e) {
      fields.problem("expiresAt", "must be a time like 2027-01-31T12:00:00Z");
    }
    return null;
  }

  /// `DELETE /keys/{id}`: a key that is revoked already is answered like the first time.
  CompletionStage<Outcome<ApiResponse>> revoke(Call call) {
    String id = PercentEncoding.decoded(call.parameter(), false);
    if (id == null) {
      return Steps.now(Outcome.invalid("id", "is not percent-encoded UTF-8"));
    }
    return keys.revoke(call.app().id(), id)
        .thenApply(
            revocation ->
                switch (revocation) {
                  case REVOKED, WAS_REVOKED -> Outcome.done(Answers.noContent());
                  case NOT_FOUND -> Outcome.refused(Refusal.NOT_FOUND, "There is no such key");
                  case LAST_MANAGEMENT_KEY ->
                      Outcome.refused(
                          Refusal.CONFLICT, "The last management key cannot be revoked");
                });
  }
}
