package dev.pushgate.auth;

import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Who a request or a session acts for. Immutable.
public sealed interface Principal {
  AppId app();

  /// Whether this one may do that with a channel.
  ///
  /// @param isPrivate whether the channel was declared private
  boolean may(Permission permission, ChannelName channel, boolean isPrivate);

  /// Whether this one holds a key of this kind or a stronger one. A connection token holds none.
  boolean holds(KeyKind kind);

  /// The key whose end ends this principal; null for a token that stands by itself.
  @Nullable String keyId();

  /// When this principal ends by itself; null for never.
  @Nullable Instant expiresAt();

  /// The client id that a token fixes; null when the client may have any.
  @Nullable String clientId();

  /// The user that a token names; null when it names none.
  @Nullable String userId();

  /// The holder of an API key.
  record KeyHolder(ApiKey key) implements Principal {
    @Override
    public AppId app() {
      return key.app();
    }

    @Override
    public boolean may(Permission permission, ChannelName channel, boolean isPrivate) {
      return key.kind().includes(KeyKind.SECRET)
          || (permission == Permission.SUBSCRIBE && !isPrivate);
    }

    @Override
    public boolean holds(KeyKind kind) {
      return key.kind().includes(kind);
    }

    @Override
    public String keyId() {
      return key.id();
    }

    @Override
    public @Nullable Instant expiresAt() {
      return key.expiresAt();
    }

    @Override
    public @Nullable String clientId() {
      return null;
    }

    @Override
    public @Nullable String userId() {
      return null;
    }
  }

  /// The bearer of a connection token.
  ///
  /// @param grants what the token grants; null for a token minted with a publish key, which may do
  ///     what that key may
  record TokenBearer(
      AppId app,
      @Nullable Grants grants,
      @Nullable String keyId,
      Instant expiresAt,
      @Nullable String clientId,
      @Nullable String userId)
      implements Principal {
    @Override
    public boolean may(Permission permission, ChannelName channel, boolean isPrivate) {
      return grants == null
          ? permission == Permission.SUBSCRIBE && !isPrivate
          : grants.allow(permission, channel);
    }

    @Override
    public boolean holds(KeyKind kind) {
      return false;
    }
  }
}
