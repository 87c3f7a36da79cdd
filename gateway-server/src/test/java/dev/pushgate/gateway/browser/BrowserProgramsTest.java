package dev.pushgate.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pushgate.gateway.browser.BrowserPrograms.Found;
import dev.pushgate.gateway.browser.BrowserPrograms.Missing;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

class BrowserProgramsTest {
  private static final String PATH = "/usr/local/bin:/usr/bin";

  @Test
  void bothAreFoundOnThePath() {
    assertThat(look(Map.of("PATH", PATH), "/usr/bin/chromium", "/usr/local/bin/chromedriver"))
        .isEqualTo(new Found(Path.of("/usr/bin/chromium"), Path.of("/usr/local/bin/chromedriver")));
  }

  @Test
  void chromeWillDoAsWell() {
    assertThat(look(Map.of("PATH", PATH), "/usr/bin/google-chrome", "/usr/bin/chromedriver"))
        .isEqualTo(new Found(Path.of("/usr/bin/google-chrome"), Path.of("/usr/bin/chromedriver")));
  }

  @Test
  void variablesComeBeforeThePath() {
    Map<String, String> environment =
        Map.of(
            "PATH", PATH,
            "PUSHGATE_TEST_CHROMIUM", "/opt/chromium",
            "PUSHGATE_TEST_CHROMEDRIVER", "/opt/driver");
    assertThat(
            look(
                environment,
                "/opt/chromium",
                "/opt/driver",
                "/usr/bin/chromium",
                "/usr/bin/chromedriver"))
        .isEqualTo(new Found(Path.of("/opt/chromium"), Path.of("/opt/driver")));
  }

  @Test
  void aVariableThatNamesNothingIsNotPassedOver() {
    Map<String, String> environment = Map.of("PATH", PATH, "PUSHGATE_TEST_CHROMIUM", "/opt/gone");
    assertThat(look(environment, "/usr/bin/chromium", "/usr/bin/chromedriver"))
        .isInstanceOf(Missing.class);
  }

  @Test
  void withoutThemTestsAreSkippedAndSayWhatToInstall() {
    BrowserPrograms programs = look(Map.of("PATH", PATH), "/usr/bin/chromium");
    var result = BrowserCondition.judge(programs);
    assertThat(result.isDisabled()).isTrue();
    assertThat(result.getReason().orElseThrow())
        .contains("no chromedriver", "apt-get install chromium chromium-driver")
        .doesNotContain("no chromium ");
  }

  @Test
  void withoutThemAndWithTheVariableTestsFail() {
    BrowserPrograms programs = look(Map.of("PATH", PATH, "PUSHGATE_TEST_BROWSER_REQUIRED", "1"));
    assertThatThrownBy(() -> BrowserCondition.judge(programs))
        .isInstanceOf(ExtensionConfigurationException.class)
        .hasMessageContaining("no chromium and no chromedriver")
        .hasMessageContaining("apt-get install chromium chromium-driver");
  }

  @Test
  void withThemTestsRun() {
    BrowserPrograms programs =
        look(Map.of("PATH", PATH), "/usr/bin/chromium", "/usr/bin/chromedriver");
    assertThat(BrowserCondition.judge(programs).isDisabled()).isFalse();
  }

  private static BrowserPrograms look(Map<String, String> environment, String... programs) {
    Set<String> there = Set.of(programs);
    return BrowserPrograms.in(environment, file -> there.contains(file.toString()));
  }
}
