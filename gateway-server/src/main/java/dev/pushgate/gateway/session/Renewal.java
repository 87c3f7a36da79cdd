package dev.pushgate.gateway.session;

import dev.pushgate.auth.Principal;
import dev.pushgate.core.outcome.CloseReason;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.shard.SessionSubscriptions;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Lets a client go on with another connection token before its own ends. Whatever is wrong with
/// the new one, the old one stays in force. Confined to its session.
final class Renewal {
  private static final Outcome.Refused<?> HAS_A_KEY =
      new Outcome.Refused<>(
          Refusal.FORBIDDEN,
          "Only a connection that came with a connection token can renew it: connect again");
  private static final Outcome.Refused<?> SOMEBODY_ELSE =
      new Outcome.Refused<>(
          Refusal.FORBIDDEN,
          "The token is of another app, user or client than this connection's: connect again");

  private final Session session;
  private final SessionSubscriptions subscriptions;
  private final Attending attending;
  private final Authentication authentication;

  Renewal(
      Session session,
      SessionSubscriptions subscriptions,
      Attending attending,
      Authentication authentication) {
    this.session = session;
    this.subscriptions = subscriptions;
    this.attending = attending;
    this.authentication = authentication;
  }

  void run(ClientCommand.Auth command) {
    if (!(session.identity().principal() instanceof Principal.TokenBearer)) {
      refuse(HAS_A_KEY, command.ref());
      return;
    }
    String address = session.identity().remoteAddress();
    switch (authentication.authenticator().bearer(command.token().reveal(), address)) {
      case Outcome.Refused<Principal.TokenBearer> refused -> failed(refused, command.ref());
      case Outcome.Done<Principal.TokenBearer>(Principal.TokenBearer bearer) -> {
        if (isTheSame(bearer)) {
          accept(bearer, command.ref());
        } else {
          refuse(SOMEBODY_ELSE, command.ref());
        }
      }
    }
  }

  /// Whether it is the bearer that the session has: who the others in its channels take it for must
  /// not change. Without a user it is known by its client id alone.
  private boolean isTheSame(Principal.TokenBearer bearer) {
    SessionIdentity identity = session.identity();
    return bearer.app().equals(identity.principal().app())
        && Objects.equals(bearer.userId(), identity.principal().userId())
        && (bearer.userId() != null || hasSameClientId(bearer, identity));
  }

  private static boolean hasSameClientId(Principal.TokenBearer bearer, SessionIdentity identity) {
    return bearer.clientId() == null
        ? identity.principal().clientId() == null
        : identity.clientId().equals(bearer.clientId());
  }

  private void accept(Principal.TokenBearer bearer, @Nullable String ref) {
    Outcome.Refused<?> full = session.renew(bearer);
    if (full != null) {
      refuse(full, ref);
      return;
    }
    session.tell(new ServerEvent.Authenticated(bearer.expiresAt().toEpochMilli(), ref));
    subscriptions.revisit();
    attending.revisit();
  }

  private void failed(Outcome.Refused<?> refused, @Nullable String ref) {
    refuse(refused, ref);
    if (!authentication.guard().failed(session.identity().remoteAddress())) {
      session.close(CloseReason.UNAUTHORIZED);
    }
  }

  private void refuse(Outcome.Refused<?> refused, @Nullable String ref) {
    session.tell(new ServerEvent.Error(refused, null, ref));
  }
}
