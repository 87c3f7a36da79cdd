package dev.pushgate.gateway.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What must hold in the page's own files, so that its policy holds and nothing published is ever
/// read as HTML.
class PageSourceTest {
  private static final Path PAGE = Path.of("src", "main", "resources", "page");
  private static final PublicFiles FILES = PublicFiles.load(true);

  static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.list(PAGE)) {
      return files.toList();
    }
  }

  @ParameterizedTest
  @MethodSource("sources")
  void everyFileOfThePageIsServed(Path file) throws IOException {
    String name = file.getFileName().toString();
    String path = name.equals("index.html") ? "/" : "/" + name;

    PublicFile served = FILES.byPath().get(path);

    assertThat(served).as(path).isNotNull();
    assertThat(served.plain().content()).isEqualTo(Files.readAllBytes(file));
  }

  @ParameterizedTest
  @MethodSource("sources")
  void everythingItLoadsIsServedFromHere(Path file) {
    Pattern loaded = Pattern.compile("(?:src=|href=|from |import\\()[\"']([^\"'#][^\"']*)[\"']");
    assertThat(loaded.matcher(read(file)).results().map(match -> match.group(1)))
        .allSatisfy(
            address -> {
              assertThat(address).startsWith("./");
              assertThat(FILES.byPath()).containsKey(address.substring(1));
            });
  }

  @ParameterizedTest
  @MethodSource("sources")
  void nothingIsReadAsHtmlOrRunOutOfText(Path file) {
    assertThat(read(file))
        .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(");
  }

  @Test
  void noScriptOrStyleIsInThePageItself() {
    String html = read(PAGE.resolve("index.html"));

    assertThat(html).doesNotContain("<style", " style=", "javascript:");
    assertThat(html)
        .doesNotContainPattern("<script(?![^>]* src=)")
        .doesNotContainPattern(" on\\w+=");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
