package dev.pushgate.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.app.FirstStart;
import dev.pushgate.gateway.app.Gateway;
import dev.pushgate.gateway.app.Running;
import dev.pushgate.gateway.app.StartFailedException;
import dev.pushgate.gateway.config.InvalidSettingsException;
import dev.pushgate.gateway.config.SettingsReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Commands in processes of their own, started by a shell whose words are ASCII: so the locale of
/// the tests changes nothing.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CommandProcessTest {
  private static final String E_ACUTE = "$(printf '\\303\\251')";

  private final Path directory;
  private final Running gateway;
  private final FirstStart keys;

  CommandProcessTest(@TempDir Path directory)
      throws StartFailedException, InvalidSettingsException, IOException {
    this.directory = directory;
    Map<String, String> options =
        Map.of(
            "pushgate.http.host", "127.0.0.1",
            "pushgate.http.port", "0",
            "pushgate.management.port", "0",
            "pushgate.shards", "1",
            "pushgate.shutdown.drain", "0s",
            "pushgate.data-dir", directory.resolve("data").toString());
    this.gateway =
        new Gateway().start(new SettingsReader(Map.of(), Map.of()).read(null, options).settings());
    this.keys = gateway.firstStart().orElseThrow();
    Files.writeString(directory.resolve("key"), keys.secretKey().reveal());
  }

  @AfterAll
  void stop() {
    gateway.stop();
  }

  private record Ran(int code, String out, String err) {}

  /// @param script a command of the shell in which `$PUSHGATE` is the program
  private Ran run(String locale, String script) throws IOException, InterruptedException {
    Path out = Files.createTempFile(directory, "out", "");
    Path err = Files.createTempFile(directory, "err", "");
    ProcessBuilder builder = new ProcessBuilder("sh", "-c", script);
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.matches("PUSHGATE_.*|LC_.*|LANG|.*JAVA_.*OPTIONS"));
    environment.put("LC_ALL", locale);
    environment.put("CLASSPATH", System.getProperty("java.class.path"));
    environment.put(
        "PUSHGATE",
        Path.of(System.getProperty("java.home"), "bin", "java")
            + " -XX:TieredStopAtLevel=1 -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED"
            + " dev.pushgate.gateway.cli.Pushgate");
    environment.put("PUSHGATE_KEY_FILE", directory.resolve("key").toString());
    environment.put("PUSHGATE_URL", "http://127.0.0.1:" + gateway.address().getPort());
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    int code = process.waitFor();
    return new Ran(code, Files.readString(out), Files.readString(err));
  }

  @ParameterizedTest
  @ValueSource(strings = {"C", "POSIX", "C.UTF-8"})
  void argumentsAndOutputAreUtf8WhateverTheLocale(String locale) throws Exception {
    String channel = "locale-" + locale;

    Ran published =
        run(
            locale,
            "$PUSHGATE publish "
                + channel
                + " --event na"
                + E_ACUTE
                + " '{\"t\":\"'"
                + E_ACUTE
                + "'\"}'");
    Ran heard = run(locale, "$PUSHGATE subscribe " + channel + " --rewind 1 --count 1 --json");

    assertThat(published.err()).isEmpty();
    assertThat(published.code()).isZero();
    assertThat(heard.out()).contains("\"data\":{\"t\":\"\u00e9\"}", "\"eventType\":\"na\u00e9\"");
  }

  @Test
  void anArgumentThatIsNotUtf8IsRefused() throws Exception {
    Ran refused = run("C", "$PUSHGATE publish x \"\\\"$(printf '\\351')\\\"\"");

    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err())
        .isEqualTo("pushgate: argument 3 is not UTF-8 (see: pushgate --help)\n");
  }

  @Test
  void aMessageIsPrintedAsItIsIntoAPipeAndWithoutControlsOnATerminal() throws Exception {
    String clear = "\"\u009b2J\u202e\u007f\"";
    CommandRun published =
        CommandRun.of(
            "publish",
            "--url",
            "http://127.0.0.1:" + gateway.address().getPort(),
            "--key",
            keys.secretKey().reveal(),
            "terminal",
            clear);
    assertThat(published.err()).isEmpty();
    String command = "$PUSHGATE subscribe terminal --rewind 1 --count 1";

    assertThat(run("C", command).out()).isEqualTo(clear + "\n");
    Ran onTerminal = run("C", "script -qec \"" + command + "\" /dev/null </dev/null");
    assertThat(onTerminal.out())
        .contains("\"\\u009b2J\\u202e\\u007f\"")
        .doesNotContain("\u009b", "\u202e", "\u007f");
  }
}
