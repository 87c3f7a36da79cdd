package dev.pushgate.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessTextTest {
  private static final byte[] LATIN_1 = "\u00e9".getBytes(StandardCharsets.ISO_8859_1);

  @TempDir private Path process;

  private ProcessText text() {
    return new ProcessText(process);
  }

  @Test
  void whatTheLocaleLostIsReadAgainFromTheProcessItself() throws IOException {
    write(
        "cmdline",
        "java",
        "-jar",
        "\u00e9.jar",
        "publish",
        "x",
        "{\"t\":\"\u00e9\ud83d\ude00\"}",
        "");

    assertThat(text().arguments(new String[] {"publish", "x", "\ufffd\ufffd", ""}))
        .containsExactly("publish", "x", "{\"t\":\"\u00e9\ud83d\ude00\"}", "");
  }

  @Test
  void anArgumentThatIsNotUtf8IsRefusedByItsNumber() throws IOException {
    write("cmdline", "java", "publish");
    append("cmdline", LATIN_1);

    assertThatThrownBy(() -> text().arguments(new String[] {"publish", "\u00e9"}))
        .hasMessage("argument 2 is not UTF-8");
  }

  @Test
  void whereTheSystemDoesNotShowThemWhatIsWholeIsTakenAndWhatWasLostRefused() {
    assertThat(text().arguments(new String[] {"a", "\u00e9"})).containsExactly("a", "\u00e9");
    assertThatThrownBy(() -> text().arguments(new String[] {"a", "\ufffd"}))
        .hasMessage("argument 2 is not UTF-8");
  }

  @Test
  void variablesAreReadAgainTooAndThoseOfOthersAreNotAdded() throws IOException {
    write("environ", "PUSHGATE_STORE_PASSWORD=p\u00e4=ss", "OTHER=1", "HOME=/root");
    Map<String, String> taken =
        Map.of("PUSHGATE_STORE_PASSWORD", "p\ufffd\ufffd=ss", "HOME", "/root");

    assertThat(text().environment(taken))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("PUSHGATE_STORE_PASSWORD", "p\u00e4=ss", "HOME", "/root"));
  }

  private void write(String file, String... words) throws IOException {
    Files.write(process.resolve(file), new byte[0]);
    for (String word : words) {
      append(file, word.getBytes(StandardCharsets.UTF_8));
    }
  }

  private void append(String file, byte[] word) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(Files.readAllBytes(process.resolve(file)));
    all.writeBytes(word);
    all.write(0);
    Files.write(process.resolve(file), all.toByteArray());
  }
}
