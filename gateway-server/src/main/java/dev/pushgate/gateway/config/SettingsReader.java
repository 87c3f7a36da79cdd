package dev.pushgate.gateway.config;

import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the settings from where they may be written. From the weakest to the strongest: defaults,
/// the file, environment variables, system properties, the command line. Immutable.
public final class SettingsReader {
  /// Beyond those that libraries register for the same types.
  private static final int CONVERTER_PRIORITY = 1_000;

  /// What stands in a text for bytes that were not UTF-8.
  private static final String NOT_UTF_8 = "\uFFFD";

  private final Map<String, String> environment;
  private final Map<String, String> systemProperties;

  public SettingsReader(Map<String, String> environment, Map<String, String> systemProperties) {
    this.environment = Map.copyOf(environment);
    this.systemProperties = Map.copyOf(systemProperties);
  }

  /// A reader of these variables and this process's system properties.
  public static SettingsReader of(Map<String, String> environment) {
    Map<String, String> properties = new HashMap<>();
    System.getProperties()
        .stringPropertyNames()
        .forEach(name -> properties.put(name, System.getProperty(name, "")));
    return new SettingsReader(environment, properties);
  }

  /// @param file the configuration file; null for what `PUSHGATE_CONFIG` names, or `pushgate.yaml`
  ///     if it is there
  /// @param options setting → value, from the command line
  /// @throws InvalidSettingsException with everything that is wrong
  public EffectiveSettings read(@Nullable Path file, Map<String, String> options)
      throws InvalidSettingsException {
    List<SettingsLayer> layers =
        List.of(
            SettingsFile.read(file == null ? fileOfEnvironment().orElse(null) : file),
            SettingsLayer.environment(environment),
            SettingsLayer.systemProperties(systemProperties),
            SettingsLayer.named("command line", options));
    List<String> problems = new ArrayList<>();
    Map<Setting, EffectiveSettings.Given> given = new HashMap<>();
    layers.forEach(layer -> take(layer, given, problems));
    stopAt(problems);
    Settings settings = map(given);
    stopAt(CrossChecks.problemsOf(settings));
    return new EffectiveSettings(
        settings, given, layers.stream().flatMap(layer -> layer.passedOver().stream()).toList());
  }

  private Optional<Path> fileOfEnvironment() throws InvalidSettingsException {
    String file = environment.getOrDefault("PUSHGATE_CONFIG", "");
    try {
      return file.isBlank() ? Optional.empty() : Optional.of(SettingType.path(file));
    } catch (IllegalArgumentException e) {
      throw new InvalidSettingsException(
          List.of("PUSHGATE_CONFIG (environment) " + e.getMessage()));
    }
  }

  private static void take(
      SettingsLayer layer, Map<Setting, EffectiveSettings.Given> given, List<String> problems) {
    layer.values().keySet().stream()
        .sorted()
        .forEach(
            key ->
                layer
                    .settingAt(key)
                    .ifPresentOrElse(
                        setting -> take(layer, key, setting, given, problems),
                        () -> takeFile(layer, key, given, problems)));
  }

  private static void takeFile(
      SettingsLayer layer,
      String key,
      Map<Setting, EffectiveSettings.Given> given,
      List<String> problems) {
    Setting setting = layer.settingInFileAt(key).orElse(null);
    if (setting == null) {
      problems.add(layer.complaintAbout(key));
    } else if (layer.values().containsKey(layer.spelling().apply(setting))) {
      problems.add(
          layer.spelling().apply(setting)
              + " and "
              + key
              + " ("
              + layer.origin()
              + ") exclude each other");
    } else {
      String file = layer.values().getOrDefault(key, "").strip();
      try {
        String text = SecretFile.read(SettingType.path(file));
        String origin = layer.origin() + ", from " + file;
        take(key, new EffectiveSettings.Given(text, origin), setting, given, problems);
      } catch (IllegalArgumentException e) {
        problems.add(key + " (" + layer.origin() + ") " + e.getMessage());
      }
    }
  }

  private static void take(
      SettingsLayer layer,
      String key,
      Setting setting,
      Map<Setting, EffectiveSettings.Given> given,
      List<String> problems) {
    String text = layer.values().getOrDefault(key, "").strip();
    take(key, new EffectiveSettings.Given(text, layer.origin()), setting, given, problems);
  }

  private static void take(
      String key,
      EffectiveSettings.Given value,
      Setting setting,
      Map<Setting, EffectiveSettings.Given> given,
      List<String> problems) {
    setting
        .problemWith(value.text())
        .or(() -> value.text().contains(NOT_UTF_8) ? Optional.of("is not UTF-8") : Optional.empty())
        .ifPresentOrElse(
            problem -> problems.add(key + " (" + value.origin() + ") " + problem),
            () -> given.put(setting, value));
  }

  private static Settings map(Map<Setting, EffectiveSettings.Given> given)
      throws InvalidSettingsException {
    Map<String, String> values = new HashMap<>();
    given.forEach((setting, value) -> values.put(setting.name(), value.text()));
    SmallRyeConfigBuilder builder =
        new SmallRyeConfigBuilder()
            .withSources(new PropertiesConfigSource(values, "settings"))
            .withMapping(Settings.class);
    SettingType.ALL.forEach(type -> register(builder, type));
    try {
      return builder.build().getConfigMapping(Settings.class);
    } catch (ConfigValidationException e) {
      // Each value was checked before: a bug, but told like the rest.
      throw new InvalidSettingsException(List.of(String.valueOf(e.getMessage())));
    }
  }

  private static <T> void register(SmallRyeConfigBuilder builder, SettingType<T> type) {
    builder.withConverter(
        type.type(),
        CONVERTER_PRIORITY,
        text -> text.isEmpty() ? null : type.converter().convert(text));
  }

  private static void stopAt(List<String> problems) throws InvalidSettingsException {
    if (!problems.isEmpty()) {
      throw new InvalidSettingsException(problems);
    }
  }
}
