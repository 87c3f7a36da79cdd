package dev.pushgate.gateway.relay.redis;

import dev.pushgate.auth.Secret;
import java.time.Duration;
import java.util.stream.Stream;

/// Settings of a relay for tests. Immutable.
final class TestConfig {
  static final Duration TIMEOUT = Duration.ofSeconds(1);

  private TestConfig() {}

  static RelayConfig of(String prefix, String... urls) {
    return new RelayConfig(
        Stream.of(urls).map(RelayUrl::parse).toList(),
        prefix,
        TIMEOUT,
        new Secret("the cluster's secret"),
        new RelayConfig.Log(1_000, Duration.ofMinutes(5), 512 << 10, Duration.ofMinutes(5)),
        new RelayConfig.Limits(10_000, 64 << 20, 64, 10_000));
  }

  static RelayConfig withSecret(RelayConfig config, Secret secret) {
    return new RelayConfig(
        config.urls(), config.prefix(), config.timeout(), secret, config.log(), config.limits());
  }

  static RelayConfig withLog(RelayConfig config, RelayConfig.Log log) {
    return new RelayConfig(
        config.urls(), config.prefix(), config.timeout(), config.secret(), log, config.limits());
  }
}
