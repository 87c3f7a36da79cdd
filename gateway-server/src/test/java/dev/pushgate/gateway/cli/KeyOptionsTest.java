package dev.pushgate.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class KeyOptionsTest {
  private static final String KEY = "sec_0123456789abcdef";

  @TempDir private Path directory;

  /// A command that says which key it was given.
  @Command(name = "shown")
  static final class Shown implements Runnable {
    private final Map<String, String> environment;
    private String key = "";

    @Mixin private KeyOptions keys = new KeyOptions();

    Shown(Map<String, String> environment) {
      this.environment = environment;
    }

    @Override
    public void run() {
      key = keys.key(environment).reveal();
    }
  }

  private static String given(Map<String, String> environment, String... words) {
    Shown shown = new Shown(environment);
    StringWriter err = new StringWriter();
    int code = Conventions.on(new CommandLine(shown)).setErr(new PrintWriter(err)).execute(words);
    return code == 0 ? shown.key : code + " " + err.toString().strip();
  }

  private String file(String text) throws Exception {
    return Files.writeString(directory.resolve("key"), text).toString();
  }

  @Test
  void aKeyComesFromAFileOrTheEnvironmentOrAFileThatItNames() throws Exception {
    String file = file(KEY + "\n");

    assertThat(given(Map.of(), "--key-file", file)).isEqualTo(KEY);
    assertThat(given(Map.of("PUSHGATE_KEY", " " + KEY))).isEqualTo(KEY);
    assertThat(given(Map.of("PUSHGATE_KEY_FILE", file))).isEqualTo(KEY);
  }

  @Test
  void aKeyComesFromStandardInput() {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream((KEY + "\r\n").getBytes(StandardCharsets.UTF_8)));
    try {
      assertThat(given(Map.of(), "--key", "-")).isEqualTo(KEY);
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void whatIsOnTheCommandLineIsBeforeTheEnvironment() {
    assertThat(given(Map.of("PUSHGATE_KEY", "other"), "--key", KEY)).isEqualTo(KEY);
  }

  @Test
  void whatGivesTwoKeysOrNoneIsRefused() throws Exception {
    String file = file("");
    String missing = directory.resolve("missing").toString();

    assertThat(given(Map.of())).startsWith("2 pushgate: there is no key");
    assertThat(given(Map.of(), "--key", KEY, "--key-file", file)).contains("exclude each other");
    assertThat(given(Map.of("PUSHGATE_KEY", KEY, "PUSHGATE_KEY_FILE", file)))
        .contains("are both set");
    assertThat(given(Map.of(), "--key-file", file)).contains("is empty");
    assertThat(given(Map.of("PUSHGATE_KEY_FILE", missing))).contains("which is not there");
  }

  @Test
  void whatCannotStandInAHeaderIsRefusedAndNotShown() {
    for (String wrong : new String[] {"sec_\u00e9hidden", "sec hidden", "sec\u0007hidden"}) {
      assertThat(given(Map.of(), "--key", wrong))
          .startsWith("2 pushgate: the key holds blanks or characters")
          .doesNotContain("hidden");
    }
  }
}
