package dev.pushgate.gateway.observe;

import io.micrometer.core.instrument.Tags;
import java.util.Locale;

/// Shows what runs: one gauge that is always 1, for joining with the others. Thread-safe.
public final class BuildMeters {
  private BuildMeters() {}

  /// @param version of the gateway
  /// @param transport how sockets are served, of a closed set
  public static void bind(String version, Enum<?> transport, Metrics metrics) {
    metrics.gauge(
        "pushgate.build.info",
        Tags.of(
            "version",
            version,
            "java",
            Integer.toString(Runtime.version().feature()),
            "transport",
            transport.name().toLowerCase(Locale.ROOT)),
        "1, with the version of the gateway, of Java, and how sockets are served",
        () -> 1);
  }
}
