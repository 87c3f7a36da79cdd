package dev.pushgate.gateway.relay.redis;

import dev.pushgate.auth.Secret;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Settings of a relay for tests. Immutable.
final class TestConfig {
  static final Duration TIMEOUT = Duration.ofSeconds(1);

  private static final Duration PATIENT = Duration.ofSeconds(20);

  /// As good as never.
  private static final Duration HEAD_CHECK = Duration.ofHours(1);

  private TestConfig() {}

  static RelayConfig of(String prefix, String... urls) {
    return new RelayConfig(
        Stream.of(urls).map(RelayUrl::parse).toList(),
        prefix,
        TIMEOUT,
        HEAD_CHECK,
        new Secret("the cluster's secret"),
        new RelayConfig.Log(1_000, Duration.ofMinutes(5), 512 << 10, Duration.ofMinutes(5)),
        new RelayConfig.Limits(10_000, 64 << 20, 64, 10_000));
  }

  /// For who must not lose its connections on a busy machine.
  static RelayConfig patient(RelayConfig config) {
    return new RelayConfig(
        config.urls(),
        config.prefix(),
        PATIENT,
        config.headCheck(),
        config.secret(),
        config.log(),
        config.limits());
  }

  static RelayConfig withSecret(RelayConfig config, Secret secret) {
    return with(config, config.headCheck(), secret, config.log(), config.limits());
  }

  static RelayConfig withLog(RelayConfig config, RelayConfig.Log log) {
    return with(config, config.headCheck(), config.secret(), log, config.limits());
  }

  static RelayConfig withHeadCheck(RelayConfig config, Duration every) {
    return with(config, every, config.secret(), config.log(), config.limits());
  }

  /// How many commands may wait, and how many bytes of them.
  static RelayConfig withCommands(RelayConfig config, int commands, long bytes) {
    RelayConfig.Limits limits =
        new RelayConfig.Limits(
            commands, bytes, config.limits().reads(), config.limits().unarchived());
    return with(config, config.headCheck(), config.secret(), config.log(), limits);
  }

  private static RelayConfig with(
      RelayConfig config,
      Duration headCheck,
      @Nullable Secret secret,
      RelayConfig.Log log,
      RelayConfig.Limits limits) {
    return new RelayConfig(
        config.urls(), config.prefix(), config.timeout(), headCheck, secret, log, limits);
  }
}
