package dev.pushgate.rest;

import dev.pushgate.auth.App;
import dev.pushgate.auth.Principal;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.rest.Route.Action;
import org.jspecify.annotations.Nullable;

/// What a request's head comes to; it holds for the whole request. Confined to its request.
sealed interface HeadVerdict {
  /// It is refused, whatever its body holds.
  ///
  /// @param app whose key it brought; null when it brought none, or none that works
  record Refused(Refusal refusal, ApiResponse answer, @Nullable App app) implements HeadVerdict {}

  /// It asks what may be asked here.
  ///
  /// @param allowed the methods that are answered, as the header `Allow` lists them
  record Options(String allowed) implements HeadVerdict {}

  record Open(Action.Open action, Caller caller) implements HeadVerdict {}

  /// @param parameter the variable part of the path, as sent; empty when it has none
  /// @param principal who the caller was when the head was judged
  /// @param app the principal's, as it was then
  record Guarded(
      Action.Guarded action, String parameter, Caller caller, Principal principal, App app)
      implements HeadVerdict {}
}
