package dev.pushgate.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What can be seen of the examples without running them.
class ExamplesTest {
  private static final Path SERVERLESS = ExampleSite.EXAMPLES.resolve("serverless");
  private static final Pattern IMPORTED = Pattern.compile("from '([^']+)'");

  @Test
  void onePublishFitsOnAScreen() throws IOException {
    assertThat(Files.readAllLines(SERVERLESS.resolve("publish.js"))).hasSizeLessThan(60);
  }

  @Test
  void noExampleNeedsAPackage() throws IOException {
    for (Path file : scripts()) {
      assertThat(IMPORTED.matcher(Files.readString(file)).results().map(found -> found.group(1)))
          .as(file.toString())
          .allMatch(
              name ->
                  name.startsWith(".")
                      || name.startsWith("node:")
                      || name.endsWith("/pushgate.js"));
    }
  }

  @Test
  void noExampleMakesMarkupOfData() throws IOException {
    for (Path file : scripts()) {
      assertThat(Files.readString(file))
          .as(file.toString())
          .doesNotContain("innerHTML", "insertAdjacent");
    }
  }

  @Test
  void everyExampleIsInTheOverview() throws IOException {
    String overview = Files.readString(ExampleSite.EXAMPLES.resolve("README.md"));
    try (Stream<Path> folders = Files.list(ExampleSite.EXAMPLES).filter(Files::isDirectory)) {
      assertThat(folders.toList())
          .isNotEmpty()
          .allSatisfy(folder -> assertThat(overview).contains("](" + folder.getFileName() + ")"))
          .allSatisfy(folder -> assertThat(folder.resolve("README.md")).exists());
    }
  }

  private static List<Path> scripts() throws IOException {
    try (Stream<Path> files = Files.walk(ExampleSite.EXAMPLES)) {
      List<Path> scripts = files.filter(file -> file.toString().matches(".*\\.m?js")).toList();
      assertThat(scripts).hasSizeGreaterThan(6);
      return scripts;
    }
  }
}
