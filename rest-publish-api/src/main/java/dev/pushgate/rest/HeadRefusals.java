package dev.pushgate.rest;

import dev.pushgate.auth.Authenticator;
import dev.pushgate.auth.Principal;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import java.util.Optional;

/// Refuses requests by their heads, so that nobody's body is taken in who will get nothing for it.
/// Thread-safe; works in memory.
final class HeadRefusals {
  /// Enough for a publish key and a name. More is taken from whoever shows a key in the head.
  private static final int MAX_STRANGERS_BYTES = 16_384;

  private static final int MAX_DIGITS = 5;

  private static final Outcome.Refused<?> STRANGERS_BODY =
      new Outcome.Refused<>(
          Refusal.PAYLOAD_TOO_LARGE,
          "Without a key as bearer a body is at most "
              + MAX_STRANGERS_BYTES
              + " bytes and says its length");

  private final RouteTable routes;
  private final Authenticator authenticator;
  private final RestObserver observer;

  HeadRefusals(RouteTable routes, Authenticator authenticator, RestObserver observer) {
    this.routes = routes;
    this.authenticator = authenticator;
    this.observer = observer;
  }

  /// The answer to a request whose body need not be read; empty to read it.
  Optional<ApiResponse> refusal(ApiRequest head) {
    RouteTable.Found found = routes.find(head.path());
    if (found == null) {
      return refused(new Outcome.Refused<>(Refusal.NOT_FOUND));
    }
    Route route = found.resource().route(head.method());
    if (route == null && !head.method().equals("OPTIONS")) {
      observer.refused(Refusal.METHOD_NOT_ALLOWED);
      return Optional.of(Answers.methodNotAllowed(found.resource().allowed()));
    }
    Outcome<Principal> caller = authenticator.authenticate(Bearer.credential(head));
    if (!(caller instanceof Outcome.Refused<Principal> stranger)) {
      return Optional.empty();
    }
    if (route != null && route.action() instanceof Route.Action.Guarded) {
      return refused(stranger);
    }
    return isSmall(head) ? Optional.empty() : refused(STRANGERS_BODY);
  }

  private Optional<ApiResponse> refused(Outcome.Refused<?> refused) {
    observer.refused(refused.refusal());
    return Optional.of(Answers.refused(refused));
  }

  /// The transport takes no more than the declared length, which it has found to be a number.
  private static boolean isSmall(ApiRequest head) {
    String length = head.header("content-length");
    return length != null
        && length.length() <= MAX_DIGITS
        && Integer.parseInt(length) <= MAX_STRANGERS_BYTES;
  }
}
