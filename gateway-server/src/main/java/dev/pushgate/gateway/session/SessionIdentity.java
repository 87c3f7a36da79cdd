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

  /// Who publishes, as far as that is the same on the client's next connection: the user, else the
  /// client id that its token fixes. Empty for a key and for a token that names nobody.
  String publisher() {
    String user = principal.userId();
    String client = principal.clientId();
    return user != null ? "user " + user : client != null ? "client " + client : "";
  }

  /// The same with another token. The client id stays, whatever the token says: others know the
  /// session by it.
  SessionIdentity with(Principal.TokenBearer renewed) {
    return new SessionIdentity(id, renewed, clientId, remoteAddress, requestId);
  }
}
