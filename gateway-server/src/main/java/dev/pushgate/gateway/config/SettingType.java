package dev.pushgate.gateway.config;

import dev.pushgate.auth.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.spi.Converter;

/// The types that a setting can have, and how each is written. Immutable.
///
/// @param <T> the type in Java; primitives by their wrappers
/// @param name what the type is called in the documentation
/// @param converter reads a value; throws [IllegalArgumentException] with the end of a sentence
///     that begins with the setting's name
record SettingType<T>(Class<T> type, String name, Converter<T> converter) {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})\\s*(ms|s|m|h|d)");
  private static final Pattern WHOLE_NUMBER = Pattern.compile("[0-9]{1,9}");

  static final List<SettingType<?>> ALL =
      List.of(
          new SettingType<>(String.class, "text", text -> text),
          new SettingType<>(Secret.class, "secret", Secret::new),
          new SettingType<>(Integer.class, "number", SettingType::wholeNumber),
          new SettingType<>(Boolean.class, "true or false", SettingType::trueOrFalse),
          new SettingType<>(Duration.class, "duration", SettingType::duration),
          new SettingType<>(ByteSize.class, "size", ByteSize::parse),
          new SettingType<>(Path.class, "path", SettingType::path),
          new SettingType<>(URI.class, "URL", SettingType::httpUrl),
          new SettingType<>(StoreUrl.class, "database URL", StoreUrl::parse),
          new SettingType<>(RelayUrls.class, "list of URLs", RelayUrls::parse),
          new SettingType<>(LogLevel.class, "level", SettingType::logLevel));

  static SettingType<?> of(Class<?> type) {
    Class<?> wrapped =
        type == int.class ? Integer.class : type == boolean.class ? Boolean.class : type;
    return ALL.stream()
        .filter(candidate -> candidate.type == wrapped)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no setting can be a " + type));
  }

  private static Integer wholeNumber(String text) {
    if (!WHOLE_NUMBER.matcher(text).matches()) {
      throw new IllegalArgumentException("is not a whole number");
    }
    return Integer.valueOf(text);
  }

  private static Boolean trueOrFalse(String text) {
    return switch (text) {
      case "true" -> Boolean.TRUE;
      case "false" -> Boolean.FALSE;
      default -> throw new IllegalArgumentException("is neither true nor false");
    };
  }

  private static Duration duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("is not a duration such as 500ms, 10s, 5m, 72h or 7d");
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      // The usual reason: without a UTF-8 locale Java can name files by ASCII alone.
      throw new IllegalArgumentException(
          "is not a path in this locale (LC_ALL=C.UTF-8 allows all): " + e.getReason(), e);
    }
  }

  private static URI httpUrl(String text) {
    try {
      URI uri = new URI(text);
      boolean isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      boolean isOrigin =
          uri.getRawQuery() == null
              && uri.getRawFragment() == null
              && (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"));
      if (isHttp && uri.getHost() != null && isOrigin) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // the same answer as to any other text that is no such URL
    }
    throw new IllegalArgumentException("is not an origin such as https://gateway.example.com");
  }

  private static LogLevel logLevel(String text) {
    return Arrays.stream(LogLevel.values())
        .filter(level -> level.name().equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("is none of " + levelNames()));
  }

  private static String levelNames() {
    return Arrays.stream(LogLevel.values())
        .map(level -> level.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }
}
