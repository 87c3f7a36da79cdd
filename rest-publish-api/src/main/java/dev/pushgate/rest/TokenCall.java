package dev.pushgate.rest;

import dev.pushgate.auth.ApiKey;
import dev.pushgate.auth.App;
import dev.pushgate.auth.Authenticator;
import dev.pushgate.auth.Grants;
import dev.pushgate.auth.KeyDirectory;
import dev.pushgate.auth.KeyKind;
import dev.pushgate.auth.MintedToken;
import dev.pushgate.auth.Principal;
import dev.pushgate.auth.TokenMinter;
import dev.pushgate.auth.TokenRequest;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.rest.RestApi.Limits;
import dev.pushgate.rest.Route.Reply;
import dev.pushgate.rest.json.JsonBody;
import dev.pushgate.rest.json.JsonObject;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Minting connection tokens: for the publish key in the body, or for the key that the request
/// brings. Thread-safe; works in memory.
final class TokenCall {
  private static final String PUBLISH_KEY = "publishKey";
  private static final int MAX_KEY_LENGTH = 256;
  private static final KnownFields KNOWN =
      KnownFields.of(PUBLISH_KEY, "clientId", "userId", "ttlSeconds", "grants");

  private final Authenticator authenticator;
  private final KeyDirectory directory;
  private final TokenMinter minter;
  private final Limits limits;

  TokenCall(
      Authenticator authenticator, KeyDirectory directory, TokenMinter minter, Limits limits) {
    this.authenticator = authenticator;
    this.directory = directory;
    this.minter = minter;
    this.limits = limits;
  }

  /// `POST /auth/token`
  Reply mint(ApiRequest request, Caller caller) {
    return switch (JsonBody.read(request.body())) {
      case Outcome.Done<JsonObject>(JsonObject body) ->
          mint(request, caller, known(new Fields(body)));
      case Outcome.Refused<JsonObject> refused -> Reply.toAnybody(refused.as());
    };
  }

  /// The form with a publish key is PushFlo's, whose clients may send what they like. The other is
  /// ours alone: a field that is passed over there was to make a token's life shorter, or its
  /// rights fewer.
  private static Fields known(Fields fields) {
    return fields.given(PUBLISH_KEY) == null
        ? fields.noneUnknown(KNOWN)
        : fields.noneMisspelt(KNOWN);
  }

  private Reply mint(ApiRequest request, Caller caller, Fields fields) {
    String publishKey = fields.text(PUBLISH_KEY, 1, MAX_KEY_LENGTH);
    if (!fields.valid()) {
      return Reply.toAnybody(fields.refused());
    }
    Outcome<Principal> known =
        publishKey == null
            ? caller.principal()
            : authenticator.authenticate(publishKey, request.remoteAddress());
    App app = known instanceof Outcome.Done<Principal>(Principal asker) ? appOf(asker) : null;
    return new Reply(
        app,
        known
            .flatMap(principal -> key(principal, publishKey != null))
            .flatMap(key -> mint(request, fields, key, app)));
  }

  private @Nullable App appOf(Principal principal) {
    return directory.app(principal.app()).orElse(null);
  }

  /// A token mints no tokens, or it would outlive itself. And a secret key does not go where
  /// publish keys go: who sends it there may have it in a browser.
  private static Outcome<ApiKey> key(Principal principal, boolean inBody) {
    if (!(principal instanceof Principal.KeyHolder(ApiKey key))) {
      return Outcome.refused(Refusal.FORBIDDEN, "A connection token mints no other");
    }
    return inBody && key.kind() != KeyKind.PUBLISH
        ? Outcome.invalid(PUBLISH_KEY, "must be a publish key (pub_); send others as bearer")
        : Outcome.done(key);
  }

  private Outcome<ApiResponse> mint(
      ApiRequest request, Fields fields, ApiKey key, @Nullable App app) {
    TokenRequest wanted = wanted(fields, key);
    if (!fields.valid()) {
      return fields.refused();
    }
    if (app == null) {
      return new Outcome.Refused<>(Refusal.INVALID_TOKEN);
    }
    MintedToken minted = minter.mint(app, wanted);
    return Outcome.done(answer(minted, wanted.clientId(), request.publicOrigin()));
  }

  /// Only whoever holds a secret key may say what a token grants and whom it names.
  private TokenRequest wanted(Fields fields, ApiKey key) {
    boolean isSecret = key.kind().includes(KeyKind.SECRET);
    for (String name : new String[] {"grants", "userId"}) {
      if (!isSecret && fields.given(name) != null) {
        fields.problem(name, "needs a secret key (sec_) as bearer");
      }
    }
    String clientId = fields.text("clientId", 1, TokenRequest.MAX_NAME_LENGTH);
    String userId = fields.text("userId", 1, TokenRequest.MAX_NAME_LENGTH);
    Grants grants = isSecret ? GrantsReader.read(fields) : null;
    return new TokenRequest(
        clientId == null ? UUID.randomUUID().toString() : clientId,
        userId,
        ttl(fields),
        grants,
        key);
  }

  private Duration ttl(Fields fields) {
    @Nullable Long seconds = fields.wholeNumber("ttlSeconds", 1, limits.maxTokenTtl().toSeconds());
    return seconds == null ? limits.defaultTokenTtl() : Duration.ofSeconds(seconds);
  }

  private static ApiResponse answer(MintedToken minted, String clientId, String endpoint) {
    return Answers.success(
        200,
        json -> {
          json.writeStartObject();
          json.writeStringProperty("token", minted.token());
          json.writeStringProperty("expiresAt", Shapes.time(minted.expiresAt()));
          json.writeStringProperty("endpoint", endpoint);
          json.writeStringProperty("clientId", clientId);
          json.writeEndObject();
        });
  }
}
