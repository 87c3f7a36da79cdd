package dev.pushgate.rest;

import dev.pushgate.auth.Authenticator;
import dev.pushgate.auth.Principal;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;

/// Refuses requests by their heads, so that nobody's body is taken in who will get nothing for it.
/// Thread-safe; works in memory.
final class HeadRefusals {
  /// Enough for a publish key and a name. More is taken from whoever shows a key in the head: what
  /// strangers send must not take the room of all others.
  static final int MAX_STRANGERS_BYTES = 2_048;

  private static final Reception WHOLE = new Reception.Read(Integer.MAX_VALUE);
  private static final Reception SMALL = new Reception.Read(MAX_STRANGERS_BYTES);

  private final RouteTable routes;
  private final Authenticator authenticator;
  private final RestObserver observer;

  HeadRefusals(RouteTable routes, Authenticator authenticator, RestObserver observer) {
    this.routes = routes;
    this.authenticator = authenticator;
    this.observer = observer;
  }

  /// What becomes of the body of a request with this head.
  Reception reception(ApiRequest head) {
    RouteTable.Found found = routes.find(head.path());
    if (found == null) {
      return refused(new Outcome.Refused<>(Refusal.NOT_FOUND));
    }
    Route route = found.resource().route(head.method());
    if (route == null && !head.method().equals("OPTIONS")) {
      observer.refused(Refusal.METHOD_NOT_ALLOWED);
      return new Reception.Refused(Answers.methodNotAllowed(found.resource().allowed()));
    }
    Outcome<Principal> caller = authenticator.authenticate(Bearer.credential(head));
    if (!(caller instanceof Outcome.Refused<Principal> stranger)) {
      return WHOLE;
    }
    return route != null && route.action() instanceof Route.Action.Guarded
        ? refused(stranger)
        : SMALL;
  }

  private Reception refused(Outcome.Refused<?> refused) {
    observer.refused(refused.refusal());
    return new Reception.Refused(Answers.refused(refused));
  }
}
