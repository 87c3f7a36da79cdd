package dev.pushgate.rest;

import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.rest.Route.Action;

/// What a request's head comes to; it holds for the whole request. Confined to its request.
sealed interface HeadVerdict {
  /// It is refused, whatever its body holds.
  record Refused(Refusal refusal, ApiResponse answer) implements HeadVerdict {}

  /// It asks what may be asked here.
  ///
  /// @param allowed the methods that are answered, as the header `Allow` lists them
  record Options(String allowed) implements HeadVerdict {}

  record Open(Action.Open action, Caller caller) implements HeadVerdict {}

  /// @param parameter the variable part of the path, as sent; empty when it has none
  /// @param caller known, when the head was judged
  record Guarded(Action.Guarded action, String parameter, Caller caller) implements HeadVerdict {}
}
