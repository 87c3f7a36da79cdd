package dev.pushgate.gateway.session;

import dev.pushgate.core.cluster.Target;
import dev.pushgate.core.name.AppId;

/// Whose sessions an operator means. Immutable.
record Audience(AppId app, Target target) {

  /// @param services of the node on which the session lives
  boolean has(SessionIdentity identity, SessionServices services) {
    return identity.principal().app().equals(app)
        && switch (target) {
          case Target.User(String userId) -> userId.equals(identity.principal().userId());
          case Target.Client(String clientId) -> clientId.equals(identity.clientId());
          case Target.Connection(String connectionId) ->
              connectionId.equals(services.connectionId(identity.id()));
        };
  }

  /// Whether any session of a node can be meant: a connection is known by its node's id.
  boolean canBeOn(String nodeId) {
    return !(target instanceof Target.Connection(String connectionId))
        || connectionId.startsWith(nodeId + SessionServices.NODE_SEPARATOR);
  }
}
