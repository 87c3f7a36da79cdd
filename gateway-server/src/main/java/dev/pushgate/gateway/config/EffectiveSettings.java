package dev.pushgate.gateway.config;

import dev.pushgate.auth.Secret;
import java.util.List;
import java.util.Map;

/// The settings as they came out, and where those came from that somebody set. Immutable.
public final class EffectiveSettings {
  private final Settings settings;
  private final Map<Setting, Given> given;
  private final List<String> passedOver;

  /// A value that somebody gave, as it was written.
  record Given(String text, String origin) {}

  EffectiveSettings(Settings settings, Map<Setting, Given> given, List<String> passedOver) {
    this.settings = settings;
    this.given = Map.copyOf(given);
    this.passedOver = List.copyOf(passedOver);
  }

  public Settings settings() {
    return settings;
  }

  /// A line for each setting that somebody set, in the order of their names, without secrets:
  /// `pushgate.http.port = 9000 (environment)`.
  public List<String> given() {
    return Setting.ALL.stream().filter(given::containsKey).map(this::lineFor).toList();
  }

  /// The variables that begin as settings do, and look like none otherwise.
  public List<String> passedOver() {
    return passedOver;
  }

  private String lineFor(Setting setting) {
    Given value = given.getOrDefault(setting, new Given("", ""));
    return setting.name() + " = " + shown(setting, value.text()) + " (" + value.origin() + ")";
  }

  private static String shown(Setting setting, String text) {
    Class<?> type = setting.type().type();
    if (type == Secret.class) {
      return "[redacted]";
    }
    return type == RelayUrls.class && !text.isEmpty()
        ? RelayUrls.parse(text).toString()
        : StoreUrl.redacted(text);
  }
}
