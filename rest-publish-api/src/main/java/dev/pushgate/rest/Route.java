package dev.pushgate.rest;

import dev.pushgate.auth.App;
import dev.pushgate.auth.KeyKind;
import dev.pushgate.auth.Principal;
import dev.pushgate.core.outcome.Outcome;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One line of the table of routes. Immutable.
///
/// @param method `GET` also answers `HEAD`
/// @param path with at most one variable segment, written `{name}`
record Route(String method, String path, Action action) {

  /// What is done for a request.
  sealed interface Action {
    /// Done for anybody, at once.
    record Open(BiFunction<ApiRequest, Caller, Reply> call) implements Action {}

    /// Done for whoever is what is needed.
    record Guarded(Need need, Function<Call, CompletionStage<Outcome<ApiResponse>>> call)
        implements Action {}
  }

  /// What comes of an open call.
  ///
  /// @param app whose key the request brought in its own way; null when none did, or none that
  ///     works
  record Reply(@Nullable App app, Outcome<ApiResponse> outcome) {
    static Reply toAnybody(Outcome<ApiResponse> outcome) {
      return new Reply(null, outcome);
    }
  }

  /// Who gets to a call at all; what is done with one channel is decided in the call.
  enum Need {
    ANY_PRINCIPAL,
    PUBLISHER,
    SECRET_KEY,
    MANAGEMENT_KEY;

    boolean isMetBy(Principal principal) {
      return switch (this) {
        case ANY_PRINCIPAL -> true;
        case PUBLISHER -> principal.holds(KeyKind.SECRET) || hasGrants(principal);
        case SECRET_KEY -> principal.holds(KeyKind.SECRET);
        case MANAGEMENT_KEY -> principal.holds(KeyKind.MANAGEMENT);
      };
    }

    /// What is said to those who are not.
    String sentence() {
      return switch (this) {
        case ANY_PRINCIPAL -> "This needs a key or a token";
        case PUBLISHER ->
            "Publishing needs a secret key (sec_) or a token that grants it; a publish key (pub_)"
                + " only subscribes";
        case SECRET_KEY -> "This needs a secret key (sec_)";
        case MANAGEMENT_KEY -> "This needs a management key (mgmt_)";
      };
    }

    private static boolean hasGrants(Principal principal) {
      return principal instanceof Principal.TokenBearer token && token.grants() != null;
    }
  }

  static Route open(String method, String path, BiFunction<ApiRequest, Caller, Reply> call) {
    return new Route(method, path, new Action.Open(call));
  }

  static Route guarded(
      String method,
      String path,
      Need need,
      Function<Call, CompletionStage<Outcome<ApiResponse>>> call) {
    return new Route(method, path, new Action.Guarded(need, call));
  }
}
