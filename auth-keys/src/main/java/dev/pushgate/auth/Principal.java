package dev.pushgate.auth;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.publication.IdempotencyKey;
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

  /// Whether this one may at least what a publish key of its app may. A token with grants may what
  /// these say, and nothing beside.
  boolean mayWhatPublishKeysMay();

  /// The key whose end ends this principal; null for a token that the app signed by itself.
  @Nullable String keyId();

  /// When this principal ends by itself; null for never.
  @Nullable Instant expiresAt();

  /// The client id that a token fixes; null when the client may have any.
  @Nullable String clientId();

  /// The user that a token names; null when it names none.
  @Nullable String userId();

  /// Who publishes, as the owner of [IdempotencyKey]s, as far as that is the same on another
  /// connection and with the next token.
  String publisher();

  /// About what a token's texts and grants take on the heap of whoever keeps it. Nothing for a key:
  /// it is there anyway.
  int heapBytes();

  /// On whose account it is kept what this one brings: a user's; or a client's whose token an app
  /// gave it with grants of its own. Whoever has a publish key can have tokens made for as many
  /// client ids as he likes: what those bring is on the account of the key. A server's address does
  /// not count: whoever shares its proxy or NAT with clients must not lose its part to them.
  ///
  /// @param network of the client's address, or null where that says nothing
  default MemoryHolder memoryHolder(@Nullable String network) {
    String user = userId();
    String client = clientId();
    String key = keyId();
    boolean isOfKey = client == null || (key != null && mayWhatPublishKeysMay());
    String credential = user != null ? "user:" + user : isOfKey ? key : "client:" + client;
    boolean isServer = holds(KeyKind.SECRET) || holds(KeyKind.MANAGEMENT);
    return new MemoryHolder(app(), credential, isServer ? null : network);
  }

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
    public boolean mayWhatPublishKeysMay() {
      return true;
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

    @Override
    public String publisher() {
      return IdempotencyKey.SERVERS;
    }

    @Override
    public int heapBytes() {
      return 0;
    }
  }

  /// The bearer of a connection token.
  ///
  /// @param grants what the token grants; null for one that may do what a publish key may
  /// @param keyId the key that it was minted with; null for one that the app signed by itself
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

    @Override
    public boolean mayWhatPublishKeysMay() {
      return grants == null;
    }

    /// The user; else the client id; those whose tokens name neither are one, and share their keys.
    @Override
    public String publisher() {
      return userId != null ? "user " + userId : clientId != null ? "client " + clientId : "nobody";
    }

    @Override
    public int heapBytes() {
      int names = heapBytes(clientId) + heapBytes(userId);
      return grants == null ? names : names + grants.heapBytes();
    }

    /// Twice, for a session has copies of them.
    private static int heapBytes(@Nullable String name) {
      return name == null ? 0 : 2 * Character.BYTES * name.length();
    }
  }
}
