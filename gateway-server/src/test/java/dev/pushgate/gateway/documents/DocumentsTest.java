package dev.pushgate.gateway.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What can be seen of the documents without running anything.
class DocumentsTest {
  @Test
  void everyLineThatRunsTheJarHasTheFlagsOfTheJvm() {
    List<String> lines = linesWith("pushgate.jar");
    assertThat(lines.stream().filter(line -> line.contains("-jar")).toList())
        .hasSizeGreaterThan(2)
        .allMatch(line -> line.matches(".*java @\\S*jvm\\.options -jar .*"));
  }

  @Test
  void whatIsNotHereYetStandsInOneList() {
    assertThat(Documents.all().stream().map(file -> read(file).split("## What is not here yet")))
        .filteredOn(parts -> parts.length > 1)
        .hasSize(1);
    assertThat(Documents.read("ARCHITECTURE.md")).contains("README.md#what-is-not-here-yet");
  }

  @Test
  void theReadmeSaysFirstWhatItIsAndPlainlyWhatAPublishKeyMaySee() {
    assertThat(Documents.read("README.md").lines().skip(2).findFirst())
        .hasValueSatisfying(
            line -> assertThat(line).startsWith("**A WebSocket that outlives the function.**"));
    assertThat(Documents.read("README.md").replaceAll("\\s+", " "))
        .contains(
            "Whoever has a `pub_` key may subscribe to every channel that is not declared as"
                + " private");
  }

  @Test
  void samplesImportTheErrorsThatTheyThrow() {
    assertThat(
            Documents.all().stream()
                .flatMap(file -> Stream.of(read(file).split("\n```")))
                .filter(part -> part.contains("new AuthenticationError")))
        .hasSizeGreaterThan(1)
        .allMatch(sample -> sample.matches("(?s).*import \\{[^}]*AuthenticationError.*new Auth.*"));
  }

  /// An answer that is none must not be taken for a token: that would be final.
  @Test
  void everyGetTokenThrowsWhatIsNoAnswer() {
    assertThat(
            Stream.concat(Documents.all().stream(), Documents.scripts().stream())
                .flatMap(file -> Stream.of(read(file).split("\n```|\n\n(?=\\S)")))
                .filter(part -> part.matches("(?s).*\\bgetToken(: |\\().*fetch\\(.*")))
        .hasSizeGreaterThan(3)
        .allMatch(sample -> sample.matches("(?s).*if \\(!response\\.ok\\) throw .*"));
  }

  private static List<String> linesWith(String words) {
    return Documents.all().stream()
        .flatMap(file -> read(file).lines())
        .filter(line -> line.contains(words))
        .toList();
  }

  private static String read(Path file) {
    return Documents.read(file.toString());
  }
}
