package dev.pushgate.gateway.session;

import dev.pushgate.core.outcome.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One line for each subscription that begins or ends and for each "no", at the level `debug`; what
/// sessions there are, [Sessions] says. Thread-safe.
final class SessionLog {
  private static final Logger log = LoggerFactory.getLogger(SessionLog.class);

  private SessionLog() {}

  static void told(SessionIdentity session, ServerEvent event) {
    if (!log.isDebugEnabled()) {
      return;
    }
    switch (event) {
      case ServerEvent.Subscribed it ->
          log.debug(
              "Session {} subscribed to {} at {}", session.id(), it.channel(), it.head().offset());
      case ServerEvent.Unsubscribed it ->
          log.debug("Session {} unsubscribed from {}", session.id(), it.channel());
      case ServerEvent.Error(Outcome.Refused<?> refused, var channel, _) ->
          log.debug(
              "Session {} was refused {}{}: {}",
              session.id(),
              refused.refusal(),
              channel == null ? "" : " at " + channel,
              refused.sentence());
      case ServerEvent.Gap it ->
          log.debug(
              "Session {} misses {} to {} of {}", session.id(), it.from(), it.to(), it.channel());
      case ServerEvent.Connected _,
          ServerEvent.Pong _,
          ServerEvent.Accepted _,
          ServerEvent.TokenExpiring _,
          ServerEvent.Authenticated _,
          ServerEvent.PresenceUpdated _ -> {}
    }
  }
}
