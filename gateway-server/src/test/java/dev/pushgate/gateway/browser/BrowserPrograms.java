package dev.pushgate.gateway.browser;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// What a machine has of the two programs that browser tests need. Immutable.
sealed interface BrowserPrograms {
  String CHROMIUM_VARIABLE = "PUSHGATE_TEST_CHROMIUM";
  String DRIVER_VARIABLE = "PUSHGATE_TEST_CHROMEDRIVER";
  String REQUIRE_VARIABLE = "PUSHGATE_TEST_BROWSER_REQUIRED";

  /// Both are there.
  record Found(Path chromium, Path driver) implements BrowserPrograms {}

  /// One of them is not.
  ///
  /// @param sentence what to do about it
  /// @param required whether the tests fail without it, rather than being skipped
  record Missing(String sentence, boolean required) implements BrowserPrograms {}

  /// Looks at this machine.
  static BrowserPrograms here() {
    return in(Search.here());
  }

  /// @param environment the variables that count: `PATH` and those above
  /// @param runs whether there is a program at that path
  static BrowserPrograms in(Map<String, String> environment, Predicate<Path> runs) {
    return in(new Search(environment, runs));
  }

  private static BrowserPrograms in(Search search) {
    Optional<Path> chromium =
        search.find(
            CHROMIUM_VARIABLE,
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"));
    Optional<Path> driver = search.find(DRIVER_VARIABLE, List.of("chromedriver"));
    if (chromium.isPresent() && driver.isPresent()) {
      return new Found(chromium.get(), driver.get());
    }
    List<String> missing = new ArrayList<>();
    if (chromium.isEmpty()) {
      missing.add("no chromium");
    }
    if (driver.isEmpty()) {
      missing.add("no chromedriver");
    }
    return new Missing(
        "There is "
            + String.join(" and ", missing)
            + " for the tests in a browser: apt-get install chromium chromium-driver, or say by "
            + CHROMIUM_VARIABLE
            + " and "
            + DRIVER_VARIABLE
            + " where they are.",
        search.isRequired());
  }

  /// Where programs are looked for. Immutable.
  record Search(Map<String, String> environment, Predicate<Path> runs) {
    static Search here() {
      return new Search(
          System.getenv(), file -> file.toFile().isFile() && file.toFile().canExecute());
    }

    /// Whether what is not there fails the tests that need it.
    boolean isRequired() {
      return environment.getOrDefault(REQUIRE_VARIABLE, "").equals("1");
    }

    /// A variable that is set is believed: what it names is taken, or nothing is.
    private Optional<Path> find(String variable, List<String> names) {
      String said = environment.getOrDefault(variable, "");
      if (!said.isBlank()) {
        return Optional.of(Path.of(said)).filter(runs);
      }
      return names.stream().flatMap(this::onPath).findFirst();
    }

    Stream<Path> onPath(String name) {
      return Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator))
          .filter(directory -> !directory.isBlank())
          .map(directory -> Path.of(directory, name))
          .filter(runs);
    }
  }
}
