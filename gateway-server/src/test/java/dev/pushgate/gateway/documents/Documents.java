package dev.pushgate.gateway.documents;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The repository's documents, and the samples in them. Stateless.
final class Documents {
  static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();

  private Documents() {}

  static String read(String name) {
    try {
      return Files.readString(REPOSITORY.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// All that people read, but for what is made by a build.
  static List<Path> all() {
    return files(".md", "", "docs", "clients", "examples");
  }

  /// What the examples run.
  static List<Path> scripts() {
    return files(".js", "examples");
  }

  private static List<Path> files(String ending, String... folders) {
    try (Stream<Path> files =
        Stream.of(folders).map(REPOSITORY::resolve).flatMap(folder -> within(folder, ending))) {
      return files.distinct().toList();
    }
  }

  private static Stream<Path> within(Path folder, String ending) {
    try {
      int depth = folder.equals(REPOSITORY) ? 1 : Integer.MAX_VALUE;
      try (Stream<Path> files = Files.walk(folder, depth)) {
        return files.filter(file -> file.toString().endsWith(ending)).toList().stream();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What stands in the first fence of a language behind these words.
  static String sample(String document, String words, String language) {
    String text = read(document);
    int from = text.indexOf(words);
    String opening = "\n```" + language + "\n";
    int begin = from < 0 ? -1 : text.indexOf(opening, from);
    if (begin < 0) {
      throw new AssertionError("no " + language + " behind '" + words + "' in " + document);
    }
    return text.substring(begin + opening.length(), text.indexOf("\n```", begin + 1) + 1);
  }
}
