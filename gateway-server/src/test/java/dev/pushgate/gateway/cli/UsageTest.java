package dev.pushgate.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
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
        "keys create --kind secret --expires-at tomorrow",
        "publish ok 1 --key x --url http://[",
        "publish ok 1 --key x --url http://localhost:99999",
        "publish ok 1 --key x --url http://localhost?a=b",
        "subscribe ok --key x --count many",
        "publish ok - --key -",
        "keys list --app No",
        "apps create No",
        "serve --nonsense",
        "serve --set foo",
        "serve --set =3",
        "serve --set",
      })
  void wrongUsageIsOneLineAndCode2(String command) {
    CommandRun result = CommandRun.of(CommandRun.words(command));

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err())
        .startsWith("pushgate: ")
        .contains("--help")
        .doesNotContain("java.", "Exception", "is not an int");
    assertThat(result.err().lines()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "pubish, there is no command \"pubish\"; did you mean publish?",
    "serv, there is no command \"serv\"; did you mean serve?",
    "sub, there is no command \"sub\"; did you mean subscribe?",
    "pub, there is no command \"pub\"; did you mean publish?",
    "publish ok 1 --ev x, there is no option --ev; did you mean --event?",
    "bench, there is no command \"bench\" in this program: ./pushgate of a checkout has it",
    "keys lst, there is no command \"lst\"; did you mean list?",
    "xyzzy, there is no command \"xyzzy\" (",
    "publish ok 1 --evnt x, there is no option --evnt; did you mean --event?",
    "publish ok 1 --foo, there is no option --foo (",
    "serve --foo, there is no option --foo (",
    "serve --hots x, there is no option --hots; did you mean --host?",
    "serve --set foo, '--set takes NAME=VALUE, such as --set pushgate.http.port=8080 ('",
    "publish ok 1 2, there is one argument too many: \"2\"",
  })
  void whatIsUnknownIsToldWithTheLikeliestName(String command, String expected) {
    CommandRun result = CommandRun.of(CommandRun.words(command));

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).startsWith("pushgate: " + expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "keys", "apps"})
  void withoutACommandThereIsHelp(String command) {
    CommandRun result = CommandRun.of(CommandRun.words(command));

    assertThat(result.code()).isZero();
    assertThat(result.out()).startsWith("Usage: pushgate").contains("Commands:");
    assertThat(result.err()).isEmpty();
  }

  /// The folder has files, and their names are channels' names too.
  @Test
  void whatBeginsWithAnAtIsNoFileOfArguments() {
    assertThat(Path.of("pom.xml")).exists();
    CommandRun run = CommandRun.of("publish", "@pom.xml", "nojson", "--key", "x");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("JSON").doesNotContain("too many", "unknown", "xml");
  }

  @Test
  void noControlCharacterOfAnArgumentReachesTheTerminal() {
    assertThat(CommandRun.of("a\u001b[2Jb\nc").err()).contains("\"a\\u001b[2Jb\\u000ac\"");
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "serve --port 70000 | not between 0 and 65535",
        "serve --config nowhere.yaml | is not there",
        "serve --set pushgate.http.prot=1 | did you mean pushgate.http.port?",
        "serve --store-url postgres://u:p@h:99999/db | has the port 99999",
        "serve --set pushgate.store.url=postgres://u:p@h:0/db | has the port 0",
        "keys list --store-url jdbc:postgresql://h:70000/db | has the port 70000",
        "keys list --store-url postgres://u:p@h/ | names no database",
        "apps list --store-url mysql://h/db | is not a database's URL"
      })
  void wrongSettingsAreOneLineAndCode2(String command, String why) {
    CommandRun result = CommandRun.of(CommandRun.words(command));

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).startsWith("pushgate: ").contains(why);
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.out()).isEmpty();
  }

  @Test
  void aGatewayThatCannotBeStartedSaysWhyOnOneLine() {
    CommandRun result = CommandRun.of("serve");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).isEqualTo("pushgate: not started\n");
  }
}
