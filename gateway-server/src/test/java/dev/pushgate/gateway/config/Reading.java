package dev.pushgate.gateway.config;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;

/// Readings of settings without properties of the JVM. Stateless.
final class Reading {
  static final Map<String, String> NOTHING = Map.of();

  private Reading() {}

  static EffectiveSettings read(Map<String, String> environment, Map<String, String> options)
      throws InvalidSettingsException {
    return new SettingsReader(environment, NOTHING).read(null, options);
  }

  static List<String> problems(Map<String, String> environment, Map<String, String> options) {
    return catchThrowableOfType(InvalidSettingsException.class, () -> read(environment, options))
        .problems();
  }
}
