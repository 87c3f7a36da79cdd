package dev.pushgate.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "fly",
        "publish",
        "publish ok nojson --key x",
        "publish a/b 1 --key x",
        "publish ok 1 --key x --url ftp://x",
        "subscribe ok --key x --count 0",
        "subscribe ok --key x --rewind -1",
        "subscribe ok --key x --since 5",
        "subscribe ok --key x --rewind 1 --since e:5",
        "keys create --kind publik",
        "keys create",
        "keys create --kind secret --expires-at 2001-01-01T00:00:00Z",
        "keys create --kind secret --expires-at +999999999-01-01T00:00:00Z",
        "keys list --app No",
        "apps create No",
        "serve --nonsense",
      })
  void wrongUsageIsOneLineAndCode2(String command) {
    CommandRun result = CommandRun.of(CommandRun.words(command));

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).startsWith("pushgate: ").contains("--help");
    assertThat(result.err().lines()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "serve",
        "apps",
        "apps create",
        "apps list",
        "keys",
        "keys create",
        "keys list",
        "keys revoke",
        "restored",
        "publish",
        "subscribe"
      })
  void everyCommandHasHelpAndAVersion(String command) {
    assertThat(CommandRun.of(CommandRun.words(command + " --help")).out())
        .contains("Usage: pushgate " + command);
    assertThat(CommandRun.of(CommandRun.words(command + " --version")).out())
        .startsWith("pushgate ");
  }

  @Test
  void aGatewayThatCannotBeStartedSaysWhyOnOneLine() {
    CommandRun result = CommandRun.of("serve");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).isEqualTo("pushgate: not started\n");
  }
}
