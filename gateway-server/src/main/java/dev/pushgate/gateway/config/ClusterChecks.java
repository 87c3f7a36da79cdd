package dev.pushgate.gateway.config;

import dev.pushgate.auth.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// What must hold between the settings of a node that is one of several. Confined to one reading.
final class ClusterChecks {
  /// Goes into names of keys beside braces and colons that mean something there.
  private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9_-]{1,32}");

  private static final int MIN_SECRET_LENGTH = 16;

  private final Settings settings;
  private final List<String> problems = new ArrayList<>();

  private ClusterChecks(Settings settings) {
    this.settings = settings;
  }

  /// Everything that is wrong, each as a sentence for people.
  static List<String> problemsOf(Settings settings) {
    ClusterChecks checks = new ClusterChecks(settings);
    checks.aRelayHasASharedDatabase();
    checks.namesAndSecretsAreSound();
    checks.timesAreInOrder();
    return checks.problems;
  }

  private void aRelayHasASharedDatabase() {
    boolean isShared = settings.store().url().filter(StoreUrl::isShared).isPresent();
    require(
        settings.relay().urls().isEmpty() || isShared,
        "pushgate.relay.urls needs a database that nodes can share: pushgate.store.url must begin"
            + " with postgresql: or jdbc:postgresql:");
  }

  private void namesAndSecretsAreSound() {
    require(
        PREFIX.matcher(settings.relay().prefix()).matches(),
        "pushgate.relay.prefix must be 1 to 32 of A–Z, a–z, 0–9, - and _");
    require(
        settings.cluster().secret().map(Secret::reveal).orElse("").isEmpty()
            || settings.cluster().secret().orElseThrow().reveal().length() >= MIN_SECRET_LENGTH,
        "pushgate.cluster.secret must have at least " + MIN_SECRET_LENGTH + " characters");
  }

  private void timesAreInOrder() {
    Duration timeout = settings.relay().timeout();
    require(
        settings.presence().lease().compareTo(timeout.multipliedBy(2)) > 0,
        "pushgate.presence.lease must be more than twice pushgate.relay.timeout: one answer that is"
            + " late must not end it");
    require(
        timeout.compareTo(settings.limits().requestTime()) < 0,
        "pushgate.relay.timeout must be less than pushgate.limits.request-time");
  }

  private void require(boolean holds, String otherwise) {
    if (!holds) {
      problems.add(otherwise);
    }
  }
}
