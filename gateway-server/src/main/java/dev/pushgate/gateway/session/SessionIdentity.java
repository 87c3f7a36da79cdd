package dev.pushgate.gateway.session;

import dev.pushgate.auth.Principal;
import dev.pushgate.core.name.SessionId;

/// Who a session is. Immutable.
///
/// @param clientId the first token's, or one made up for this connection
/// @param remoteAddress the client's IP address as text
/// @param requestId the id of the request that opened the session, for the log
public record SessionIdentity(
    SessionId id, Principal principal, String clientId, String remoteAddress, String requestId) {

  /// The same with another token. The client id stays, whatever the token says: others know the
  /// session by it.
  SessionIdentity with(Principal.TokenBearer renewed) {
    return new SessionIdentity(id, renewed, clientId, remoteAddress, requestId);
  }
}
