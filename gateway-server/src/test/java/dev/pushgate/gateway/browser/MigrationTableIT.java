package dev.pushgate.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.browser.MigrationTables.Row;
import dev.pushgate.gateway.endtoend.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Holds docs/migrate.md against the client: an app written with PushFlo's names runs in a browser
/// and notes which of them it met (`migrated.js`); types and options are looked up in
/// `pushgate.d.ts`.
@NeedsBrowser
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class MigrationTableIT {
  private static final Pattern TYPE = Pattern.compile("export (?:interface|type) (\\w+)");
  private static final Pattern OPTION = Pattern.compile("\n  (\\w+)\\?:");

  private Browser browser;
  private Pages pages;
  private StandingNode node;
  private MigrationTables tables;
  private Map<?, ?> met = Map.of();

  @BeforeAll
  void runTheApp(@TempDir Path directory) throws IOException {
    browser = Browser.start();
    pages = Pages.start();
    node = new StandingNode(directory);
    tables = MigrationTables.read();
    node.rest()
        .post("/api/v1/channels", "{\"name\":\"p\",\"slug\":\"private\",\"isPrivate\":true}");
    Page page = browser.open(pages.origin() + "/empty.html");
    page.run("return import('/migrated.js').then(() => {})");
    Object names =
        page.run("return migrated(...arguments)", node.origin(), Node.SECRET_KEY, Node.PUBLISH_KEY);
    met = (Map<?, ?>) Objects.requireNonNull(names);
  }

  @AfterAll
  void stop() {
    node.close();
    pages.close();
    browser.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Exports",
        "Methods and properties",
        "Events",
        "What `connected` tells",
        "Connection states",
        "Subscription options",
        "What `subscribe` gives",
        "Messages",
        "Errors"
      })
  void whatIsSaidToBeHereIsMetInABrowserAndNothingElse(String table) {
    Object names = met.get(table);
    assertThat(names).as("what the app met of %s, in %s", table, met).isInstanceOf(List.class);
    compare(table, (List<?>) names);
  }

  @Test
  void optionsAndTypesAreThoseOfTheDeclarations() throws IOException {
    String declarations = Files.readString(Pages.moduleFile().resolveSibling("pushgate.d.ts"));
    compare("Types", found(TYPE, declarations));
    String options = declarations.substring(declarations.indexOf("export interface Options {"));
    compare("Options", found(OPTION, options.substring(0, options.indexOf("\n}"))));
  }

  /// PushFlo's two required options, and one that acts at once, in the app that ran.
  @Test
  void theAppConnectedByPushFlosOptionsAlone() {
    assertThat(met.get("options")).isEqualTo(List.of("publishKey", "baseUrl", "autoConnect"));
  }

  private void compare(String table, Collection<?> names) {
    SoftAssertions softly = new SoftAssertions();
    for (Row row : tables.below(table)) {
      softly.assertThat(names.contains(row.name())).as(row.name()).isEqualTo(row.here());
    }
    softly.assertAll();
  }

  private static List<String> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map((MatchResult result) -> result.group(1)).toList();
  }
}
