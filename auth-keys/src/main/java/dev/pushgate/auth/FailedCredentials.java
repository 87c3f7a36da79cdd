package dev.pushgate.auth;

import dev.pushgate.core.pace.RateLimitedLog;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/// Says which keys and tokens were shown and are no good, and from where: but not oftener than once
/// in a while, for any stranger can go on for ever. Never the whole of what was shown. Thread-safe.
final class FailedCredentials {
  private static final Duration INTERVAL = Duration.ofSeconds(10);

  /// Apart, for tokens that have run out are common, and must not hide a key that is tried out.
  private final RateLimitedLog keys;

  private final RateLimitedLog tokens;

  /// @param nanoTime as [System#nanoTime]
  FailedCredentials(Logger log, LongSupplier nanoTime) {
    this.keys = new RateLimitedLog(log, INTERVAL, nanoTime);
    this.tokens = new RateLimitedLog(log, INTERVAL, nanoTime);
  }

  /// @param address where it came from, as text
  void key(String text, String address) {
    // The beginning of what is no key may be all of somebody's password.
    String what =
        KeyText.isWellFormed(text) ? "an unknown key " + KeyText.hint(text) + "..." : "no key";
    keys.info("Refused what " + address + " shows as a key: " + what);
  }

  void key(ApiKey ended, String address) {
    keys.info(
        "Refused the %s key %s (%s...) of the app %s, shown by %s: it has expired or was revoked"
            .formatted(ended.kind().wireName(), ended.id(), ended.hint(), ended.app(), address));
  }

  /// @param why what the bearer is told; it holds nothing of the token
  void token(String why, String address) {
    tokens.info("Refused a connection token shown by " + address + ": " + why);
  }
}
