package dev.pushgate.gateway.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// How values on the command line are read. What cannot be read is told without a word of Java's.
/// Thread-safe.
final class Values {
  private Values() {}

  /// Makes a program, with all its subcommands in place, read them so.
  static void convertersOf(CommandLine program) {
    program
        .registerConverter(Instant.class, Values::time)
        .registerConverter(URI.class, Values::url)
        .registerConverter(Path.class, Values::path)
        .registerConverter(int.class, wholeNumber(Integer::valueOf))
        .registerConverter(Integer.class, wholeNumber(Integer::valueOf))
        .registerConverter(long.class, wholeNumber(Long::valueOf))
        .registerConverter(Long.class, wholeNumber(Long::valueOf));
  }

  private static Instant time(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw refused(text, "a time such as 2027-01-31T00:00:00Z");
    }
  }

  private static URI url(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw refused(text, "a URL such as " + ServerOptions.DEFAULT_URL);
    }
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw refused(text, "the name of a file in this locale (LC_ALL=C.UTF-8 allows all)");
    }
  }

  private static <T> ITypeConverter<T> wholeNumber(ITypeConverter<T> converter) {
    return text -> {
      try {
        return converter.convert(text);
      } catch (NumberFormatException e) {
        throw refused(text, "a whole number of this size");
      }
    };
  }

  private static TypeConversionException refused(String text, String expected) {
    return new TypeConversionException("\"" + text + "\" is not " + expected);
  }
}
