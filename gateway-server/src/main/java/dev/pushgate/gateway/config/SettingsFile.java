package dev.pushgate.gateway.config;

import io.smallrye.config.source.yaml.YamlConfigSource;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The configuration file. Immutable.
final class SettingsFile {
  /// Read when it is there and no other file is named.
  static final Path USUAL = Path.of("pushgate.yaml");

  private static final Pattern ITEM = Pattern.compile("(.+)\\[([0-9]{1,6})]");

  private SettingsFile() {}

  /// @param named the file that was asked for, which then must be there; null for the usual one
  static SettingsLayer read(@Nullable Path named) throws InvalidSettingsException {
    if (named == null && !Files.exists(USUAL)) {
      return SettingsLayer.named(USUAL.toString(), Map.of());
    }
    Path file = named == null ? USUAL : named;
    return SettingsLayer.named(file.toString(), parse(file, textOf(file)));
  }

  private static String textOf(Path file) throws InvalidSettingsException {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw unreadable(file, "is not there");
    } catch (MalformedInputException e) {
      throw unreadable(file, "is not UTF-8");
    } catch (IOException e) {
      throw unreadable(file, "cannot be read");
    }
  }

  private static Map<String, String> parse(Path file, String text) throws InvalidSettingsException {
    try {
      return joined(new YamlConfigSource(file.toString(), text).getProperties());
    } catch (RuntimeException e) { // what the YAML library throws is its own affair
      throw unreadable(file, "is not YAML: " + oneLine(e));
    }
  }

  /// A list's items come each with its number: put together again, with commas.
  private static Map<String, String> joined(Map<String, String> properties) {
    Map<String, String> found = new HashMap<>(properties);
    Map<String, TreeMap<Integer, String>> lists = new HashMap<>();
    properties.forEach(
        (key, value) -> {
          Matcher item = ITEM.matcher(key);
          if (item.matches()) {
            found.remove(key);
            lists
                .computeIfAbsent(item.group(1), list -> new TreeMap<>())
                .put(Integer.valueOf(item.group(2)), value);
          }
        });
    lists.forEach((key, items) -> found.put(key, String.join(",", items.values())));
    return found;
  }

  private static String oneLine(RuntimeException e) {
    return String.valueOf(e.getMessage()).strip().replaceAll("\\s+", " ");
  }

  private static InvalidSettingsException unreadable(Path file, String why) {
    return new InvalidSettingsException(List.of("the configuration file " + file + " " + why));
  }
}
