package dev.pushgate.rest;

import dev.pushgate.auth.App;
import dev.pushgate.auth.Authenticator;
import dev.pushgate.auth.KeyDirectory;
import dev.pushgate.auth.KeyKind;
import dev.pushgate.auth.Principal;
import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.rest.Route.Action;
import org.jspecify.annotations.Nullable;

/// Judges requests by their heads: where they go, whose they are, and whether those may do what is
/// done there. Nobody's body is taken in who will get nothing for it. Thread-safe; works in memory.
final class Heads {
  /// Enough for a publish key and a name. More is taken from whoever shows in the head what the
  /// call needs: what strangers send, and publish keys, which are in every browser, must not take
  /// the room of all others.
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
      return new HeadVerdict.Refused(
          Refusal.METHOD_NOT_ALLOWED, Answers.methodNotAllowed(allowed), null);
    }
    Caller caller = new Caller(authenticator, directory, head);
    return switch (route.action()) {
      case Action.Open open -> new HeadVerdict.Open(open, caller);
      case Action.Guarded guarded -> guarded(guarded, found.parameter(), caller);
    };
  }

  /// The same verdict as of now: a body may take its time, and whoever sends it may not be let in
  /// any more. Nothing is verified again that still holds.
  HeadVerdict again(HeadVerdict.Guarded verdict) {
    return guarded(verdict.action(), verdict.parameter(), verdict.caller());
  }

  private HeadVerdict guarded(Action.Guarded action, String parameter, Caller caller) {
    return switch (caller.principal()) {
      case Outcome.Refused<Principal> stranger -> refused(stranger);
      case Outcome.Done<Principal>(Principal principal) -> {
        App app = directory.app(principal.app()).orElse(null);
        if (app == null) {
          yield refused(new Outcome.Refused<>(Refusal.INVALID_TOKEN));
        }
        Outcome.Refused<?> refused = action.need().refusal(principal, app, parameter);
        yield refused == null
            ? new HeadVerdict.Guarded(action, parameter, caller, principal, app)
            : refused(refused, app);
      }
    };
  }

  /// How many bytes of body are taken in of a request that is not refused: what the call reads,
  /// from whom it needs.
  static int maxBodyBytes(ApiRequest head, HeadVerdict verdict) {
    return BodyHeaders.isRead(head) && isTrusted(verdict) ? Integer.MAX_VALUE : MAX_STRANGERS_BYTES;
  }

  /// Only holders of a secret key ask for tokens in more words than strangers do.
  private static boolean isTrusted(HeadVerdict verdict) {
    return switch (verdict) {
      case HeadVerdict.Guarded _ -> true;
      case HeadVerdict.Open(_, Caller caller) ->
          caller.principal() instanceof Outcome.Done<Principal>(Principal principal)
              && principal.holds(KeyKind.SECRET);
      case HeadVerdict.Options _, HeadVerdict.Refused _ -> false;
    };
  }

  /// On whose account the request is, as far as that is known.
  static MemoryHolder holder(HeadVerdict verdict) {
    return switch (verdict) {
      case HeadVerdict.Guarded guarded -> guarded.principal().memoryHolder(null);
      case HeadVerdict.Open(_, Caller caller) ->
          caller.principal() instanceof Outcome.Done<Principal>(Principal principal)
              ? principal.memoryHolder(null)
              : MemoryHolder.NODE;
      case HeadVerdict.Options _, HeadVerdict.Refused _ -> MemoryHolder.NODE;
    };
  }

  private static HeadVerdict refused(Outcome.Refused<?> refused) {
    return refused(refused, null);
  }

  private static HeadVerdict refused(Outcome.Refused<?> refused, @Nullable App app) {
    return new HeadVerdict.Refused(refused.refusal(), Answers.refused(refused), app);
  }
}
