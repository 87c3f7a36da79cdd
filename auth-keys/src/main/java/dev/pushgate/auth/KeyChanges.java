package dev.pushgate.auth;

import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;

/// Says what became of apps and keys between two revisions, whoever changed them and through
/// whatever: a line for each. Never a key or a secret, only what they are called. Confined to its
/// caller.
final class KeyChanges {
  private final Logger log;
  private final DirectorySnapshot before;
  private final DirectorySnapshot now;

  KeyChanges(Logger log, DirectorySnapshot before, DirectorySnapshot now) {
    this.log = log;
    this.before = before;
    this.now = now;
  }

  void log() {
    now.apps().values().forEach(this::app);
    now.keysById().values().forEach(this::key);
    secrets();
  }

  private void app(App app) {
    App known = before.apps().get(app.id());
    if (known == null) {
      log.info("The app {} was made", app.id());
    } else {
      settings(known, app);
    }
  }

  private void settings(App known, App app) {
    if (!known.allowedOrigins().equals(app.allowedOrigins())) {
      String origins = String.join(" ", app.allowedOrigins());
      log.info("The app {} allows pages of these origins now: {}", app.id(), origins);
    }
    if (known.undeclaredChannels() != app.undeclaredChannels()) {
      String must = app.undeclaredChannels() ? "need not" : "must";
      log.info("Channels of the app {} {} be declared now", app.id(), must);
    }
    if (known.publishKeysRead() != app.publishKeysRead()) {
      String may = app.publishKeysRead() ? "may" : "may not";
      log.info("Publish keys of the app {} {} list channels and read history now", app.id(), may);
    }
  }

  private void key(ApiKey key) {
    ApiKey known = before.keysById().get(key.id());
    if (known == null) {
      said("was made", key);
    }
    if (key.revokedAt() != null && (known == null || known.revokedAt() == null)) {
      said("was revoked: what was connected with it, or with a token minted with it, ends", key);
    }
  }

  private void said(String what, ApiKey key) {
    log.info(
        "The {} key {} ({}...) of the app {} {}",
        key.kind().wireName(),
        key.id(),
        key.hint(),
        key.app(),
        what);
  }

  private void secrets() {
    Set<String> kids = new HashSet<>(before.signingKeys().keySet());
    now.signingKeys()
        .forEach(
            (kid, signing) -> {
              if (!kids.remove(kid)) {
                log.info("The signing secret {} of the app {} was made", kid, signing.app().id());
              }
            });
    for (String kid : kids) {
      DirectorySnapshot.SigningKey gone = before.signingKeys().get(kid);
      if (gone != null) {
        log.info("The signing secret {} of the app {} is gone", kid, gone.app().id());
      }
    }
  }
}
