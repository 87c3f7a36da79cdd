package dev.pushgate.rest;

import dev.pushgate.auth.Authenticator;
import dev.pushgate.auth.KeyDirectory;
import dev.pushgate.auth.Principal;
import dev.pushgate.core.outcome.Outcome;
import org.jspecify.annotations.Nullable;

/// Who sends a request, by the key or token in its head: found out when somebody asks, and once,
/// for a token's signature takes time to check. Confined to its request.
final class Caller {
  private final Authenticator authenticator;
  private final KeyDirectory directory;
  private final String credential;
  private final String address;
  private @Nullable Outcome<Principal> known;

  Caller(Authenticator authenticator, KeyDirectory directory, ApiRequest head) {
    this.authenticator = authenticator;
    this.directory = directory;
    this.credential = Bearer.credential(head);
    this.address = head.remoteAddress();
  }

  /// As [Authenticator#authenticate], as of now: a body may take its time, and the key or token may
  /// have ended meanwhile.
  Outcome<Principal> principal() {
    Outcome<Principal> found = known;
    if (found == null || hasEnded(found)) {
      found = authenticator.authenticate(credential, address);
      known = found;
    }
    return found;
  }

  private boolean hasEnded(Outcome<Principal> found) {
    return found instanceof Outcome.Done<Principal>(Principal principal)
        && !directory.isLive(principal);
  }
}
