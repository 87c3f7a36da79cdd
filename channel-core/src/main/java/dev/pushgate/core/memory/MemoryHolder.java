package dev.pushgate.core.memory;

import dev.pushgate.core.name.AppId;
import org.jspecify.annotations.Nullable;

/// On whose account memory is held: an app, one of its keys or users, and the address it comes
/// from. Each has its part of every [MemoryShare], so that none of them can take all of it.
/// Immutable.
///
/// @param app null before it is known
/// @param credential the id of an API key, or `user:` or `client:` and the name in a token, within
///     the app (but that of the key where anybody who has it gets such a token); null before it
///     is known
/// @param address of the client, an IPv6 one's /64 network; null for what the node does by itself
public record MemoryHolder(
    @Nullable AppId app, @Nullable String credential, @Nullable String address) {
  /// Nobody: bounded by the share alone.
  public static final MemoryHolder NODE = new MemoryHolder(null, null, null);
}
