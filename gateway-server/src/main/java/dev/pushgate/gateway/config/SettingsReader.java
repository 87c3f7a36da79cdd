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

  private final Map<String, String> environment;
  private final Map<String, String> systemProperties;

  public SettingsReader(Map<String, String> environment, Map<String, String> systemProperties) {
    this.environment = Map.copyOf(environment);
    this.systemProperties = Map.copyOf(systemProperties);
  }

  /// A reader of this process's environment and system properties.
  public static SettingsReader ofThisProcess() {
    Map<String, String> properties = new HashMap<>();
    System.getProperties()
        .stringPropertyNames()
        .forEach(name -> properties.put(name, System.getProperty(name, "")));
    return new SettingsReader(System.getenv(), properties);
  }

  /// @param file the configuration file; null for what `PUSHGATE_CONFIG` names, or `pushgate.yaml`
  ///     if it is there
  /// @param options setting → value, from the command line
  /// @throws InvalidSettingsException with everything that is wrong
  public EffectiveSettings read(@Nullable Path file, Map<String, String> options)
      throws InvalidSettingsException {
    List<SettingsLayer> layers =
        List.of(
            SettingsFile.read(Optional.ofNullable(file).or(this::fileOfEnvironment).orElse(null)),
            SettingsLayer.environment(environment),
            SettingsLayer.systemProperties(systemProperties),
            SettingsLayer.named("command line", options));
    List<String> problems = new ArrayList<>();
    Map<Setting, EffectiveSettings.Given> given = new HashMap<>();
    layers.forEach(layer -> take(layer, given, problems));
    stopAt(problems);
    Settings settings = map(given);
    stopAt(CrossChecks.problemsOf(settings));
    return new EffectiveSettings(settings, given);
  }

  private Optional<Path> fileOfEnvironment() {
    return Optional.ofNullable(environment.get("PUSHGATE_CONFIG"))
        .filter(path -> !path.isBlank())
        .map(Path::of);
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
                        () -> problems.add(layer.complaintAbout(key))));
  }

  private static void take(
      SettingsLayer layer,
      String key,
      Setting setting,
      Map<Setting, EffectiveSettings.Given> given,
      List<String> problems) {
    String text = layer.values().getOrDefault(key, "").strip();
    setting
        .problemWith(text)
        .ifPresentOrElse(
            problem -> problems.add(key + " (" + layer.origin() + ") " + problem),
            () -> given.put(setting, new EffectiveSettings.Given(text, layer.origin())));
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
