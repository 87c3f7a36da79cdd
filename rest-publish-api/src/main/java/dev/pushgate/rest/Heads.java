package dev.pushgate.rest;

import dev.pushgate.auth.Authenticator;
import dev.pushgate.auth.KeyDirectory;
import dev.pushgate.auth.Principal;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.rest.Route.Action;

/// Judges requests by their heads: where they go and whose they are, once for each. Nobody's body
/// is taken in who will get nothing for it. Thread-safe; works in memory.
final class Heads {
  /// Enough for a publish key and a name. More is taken from whoever shows a key in the head: what
  /// strangers send must not take the room of all others.
  static final int MAX_STRANGERS_BYTES = 2_048;

  private final RouteTable routes;
  private final Authenticator authenticator;
  private final KeyDirectory directory;

  Heads(RouteTable routes, Authenticator authenticator, KeyDirectory directory) {
    this.routes = routes;
    this.authenticator = authenticator;
    this.directory = directory;
  }

  HeadVerdict judge(ApiRequest head) {
    RouteTable.Found found = routes.find(head.path());
    if (found == null) {
      return refused(new Outcome.Refused<>(Refusal.NOT_FOUND));
    }
    String allowed = found.resource().allowed();
    if (head.method().equals("OPTIONS")) {
      return new HeadVerdict.Options(allowed);
    }
    Route route = found.resource().route(head.method());
    if (route == null) {
      return new HeadVerdict.Refused(Refusal.METHOD_NOT_ALLOWED, Answers.methodNotAllowed(allowed));
    }
    Caller caller = new Caller(authenticator, directory, head);
    return switch (route.action()) {
      case Action.Open open -> new HeadVerdict.Open(open, caller);
      case Action.Guarded guarded ->
          caller.principal() instanceof Outcome.Refused<Principal> stranger
              ? refused(stranger)
              : new HeadVerdict.Guarded(guarded, found.parameter(), caller);
    };
  }

  /// How many bytes of body are taken in of a request that is not refused.
  static int maxBodyBytes(HeadVerdict verdict) {
    return switch (verdict) {
      case HeadVerdict.Guarded _ -> Integer.MAX_VALUE;
      case HeadVerdict.Open(_, Caller caller) ->
          caller.principal() instanceof Outcome.Done ? Integer.MAX_VALUE : MAX_STRANGERS_BYTES;
      case HeadVerdict.Options _, HeadVerdict.Refused _ -> MAX_STRANGERS_BYTES;
    };
  }

  private static HeadVerdict refused(Outcome.Refused<?> refused) {
    return new HeadVerdict.Refused(refused.refusal(), Answers.refused(refused));
  }
}
