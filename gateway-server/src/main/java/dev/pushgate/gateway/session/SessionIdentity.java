package dev.pushgate.gateway.session;

import dev.pushgate.auth.Principal;
import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.name.ClientNetwork;
import dev.pushgate.core.name.SessionId;

/// Who a session is. Immutable.
///
/// @param clientId the first token's, or one made up for this connection
/// @param remoteAddress the client's IP address as text
/// @param requestId the id of the request that opened the session, for the log
/// @param tokenRoomBytes what its token takes on the heap, without the little more that it may take
///     beyond what room was found for
public record SessionIdentity(
    SessionId id,
    Principal principal,
    String clientId,
    String remoteAddress,
    String requestId,
    int tokenRoomBytes) {

  /// By its first token.
  SessionIdentity(
      SessionId id, Principal principal, String clientId, String remoteAddress, String requestId) {
    this(id, principal, clientId, remoteAddress, requestId, principal.heapBytes());
  }

  /// On whose account memory is held for it; the same for all its tokens.
  MemoryHolder holder() {
    return holder(principal, remoteAddress);
  }

  /// @param remoteAddress the client's IP address as text
  static MemoryHolder holder(Principal principal, String remoteAddress) {
    return principal.memoryHolder(ClientNetwork.of(remoteAddress));
  }

  /// The same with another token. The client id stays, whatever the token says: others know the
  /// session by it.
  SessionIdentity with(Principal.TokenBearer renewed) {
    int bytes = renewed.heapBytes();
    int room = Places.isHardlyMore(bytes, tokenRoomBytes) ? Math.min(bytes, tokenRoomBytes) : bytes;
    return new SessionIdentity(id, renewed, clientId, remoteAddress, requestId, room);
  }
}
