package dev.pushgate.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What `./pushgate` does about the locale before it starts Java.
class LauncherTest {
  private static final String ASKED =
      "source <(sed -n '/^use_utf8/,/^}/p' ../pushgate); use_utf8; echo $(locale charmap) ${LC_ALL-none}";

  @BeforeAll
  static void hereAreLocales() throws Exception {
    assumeTrue(answer(Map.of("LC_ALL", "C.UTF-8"), "locale charmap").equals("UTF-8"));
  }

  @ParameterizedTest
  @CsvSource({
    "LC_ALL, C, UTF-8 C.UTF-8",
    "LC_ALL, POSIX, UTF-8 C.UTF-8",
    "LANG, '', UTF-8 C.UTF-8",
    "LANG, no_WHERE.ISO-8859-1, UTF-8 C.UTF-8",
    "LANG, C.UTF-8, UTF-8 none"
  })
  void withoutAUtf8LocaleThereIsOneAndAnyOtherStays(String name, String value, String expected)
      throws Exception {
    assertThat(answer(Map.of(name, value), ASKED)).isEqualTo(expected);
  }

  private static String answer(Map<String, String> locale, String script)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-c", script).directory(Path.of("").toAbsolutePath().toFile());
    builder.environment().keySet().removeIf(name -> name.matches("LC_.*|LANG|LANGUAGE"));
    builder.environment().putAll(locale);
    Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return out.strip();
  }
}
