package dev.pushgate.rest;

import dev.pushgate.auth.App;
import dev.pushgate.auth.Grants;
import dev.pushgate.auth.KeyKind;
import dev.pushgate.auth.Permission;
import dev.pushgate.auth.Principal;
import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import java.util.Optional;
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
    ANY_PRINCIPAL("This needs a key or a token"),
    PUBLISHER(
        "Publishing needs a secret key (sec_) or a token that grants it; a publish key (pub_) only"
            + " subscribes"),
    READER(
        "This needs a secret key (sec_); publish keys (pub_) read only what is not private, and only"
            + " where the app lets them"),
    SECRET_KEY("This needs a secret key (sec_)"),
    MANAGEMENT_KEY("This needs a management key (mgmt_)");

    private final String sentence;

    Need(String sentence) {
      this.sentence = sentence;
    }

    /// Why this one does not get there; null when it does.
    ///
    /// @param parameter the variable part of the path, as sent: where somebody publishes, a channel
    Outcome.@Nullable Refused<?> refusal(Principal principal, App app, String parameter) {
      boolean isMet =
          switch (this) {
            case ANY_PRINCIPAL -> true;
            case PUBLISHER -> maySend(principal, parameter);
            case READER -> Call.mayRead(principal, app, false);
            case SECRET_KEY -> principal.holds(KeyKind.SECRET);
            case MANAGEMENT_KEY -> principal.holds(KeyKind.MANAGEMENT);
          };
      return isMet ? null : new Outcome.Refused<>(Refusal.FORBIDDEN, sentence);
    }

    private static boolean maySend(Principal principal, String parameter) {
      if (!(principal instanceof Principal.TokenBearer token)) {
        return principal.holds(KeyKind.SECRET);
      }
      Grants grants = token.grants();
      String name = parameter.isEmpty() ? null : PercentEncoding.decoded(parameter, false);
      return grants != null
          && Optional.ofNullable(name)
              .flatMap(ChannelName::parse)
              .map(there -> grants.allow(Permission.PUBLISH, there))
              .orElseGet(() -> grants.allowAnywhere(Permission.PUBLISH));
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
