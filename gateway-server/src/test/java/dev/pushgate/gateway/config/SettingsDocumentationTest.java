package dev.pushgate.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Keeps docs/config.md equal to the settings. `mvn test -pl gateway-server -am
/// -Dtest=SettingsDocumentationTest -Dsurefire.failIfNoSpecifiedTests=false -Ddocs.write=true`
/// writes it anew.
class SettingsDocumentationTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "config.md");
  private static final String BEGIN = "<!-- settings: written by SettingsDocumentationTest -->\n";
  private static final String END = "<!-- end of settings -->";

  @Test
  void theTableInTheDocumentIsThatOfTheSettings() throws IOException {
    String document = Files.readString(DOCUMENT);
    int begin = document.indexOf(BEGIN) + BEGIN.length();
    int end = document.indexOf(END);
    if (Boolean.getBoolean("docs.write")) {
      String written = document.substring(0, begin) + table() + document.substring(end);
      Files.writeString(DOCUMENT, written);
      document = written;
      end = document.indexOf(END);
    }
    assertThat(document.substring(begin, end)).isEqualTo(table());
  }

  private static String table() {
    return "| setting | default | may be | what |\n|---|---|---|---|\n"
        + Setting.ALL.stream().map(SettingsDocumentationTest::row).collect(Collectors.joining());
  }

  private static String row(Setting setting) {
    String text = setting.defaultText();
    Between bounds = setting.bounds();
    return "| `%s` | %s | %s | %s |\n"
        .formatted(
            setting.name(),
            text == null ? "" : "`" + text + "`",
            bounds == null ? setting.type().name() : bounds.from() + " – " + bounds.to(),
            commentOf(setting.method()));
  }

  /// The `///` lines above a method, as one.
  private static String commentOf(Method method) {
    List<String> comment = new ArrayList<>();
    boolean inside = false;
    Pattern declaration = Pattern.compile("\\s*[\\w.<>]+ " + method.getName() + "\\(\\);");
    for (String line : sourceOf(method.getDeclaringClass())) {
      Matcher documented = Pattern.compile("\\s*/// ?(.*)").matcher(line);
      if (documented.matches()) {
        comment.add(documented.group(1));
      } else if (declaration.matcher(line).matches() && inside) {
        return String.join(" ", comment);
      } else if (!line.strip().startsWith("@")) {
        comment.clear();
      }
      inside |= line.contains("interface " + method.getDeclaringClass().getSimpleName() + " ");
    }
    throw new AssertionError(method + " has no comment");
  }

  private static List<String> sourceOf(Class<?> type) {
    Class<?> outermost = type.getEnclosingClass() == null ? type : type.getEnclosingClass();
    Path source = Path.of("src", "main", "java", outermost.getName().replace('.', '/') + ".java");
    try {
      return Files.readAllLines(source);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
