package dev.pushgate.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.auth.Secret;
import io.smallrye.config.ConfigMappings.ConfigClass;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SettingTest {
  @Test
  void ourNamesAreThoseOfTheMapping() {
    assertThat(Setting.ALL)
        .extracting(Setting::name)
        .containsExactlyInAnyOrderElementsOf(
            ConfigClass.configClass(Settings.class).getProperties().keySet());
  }

  @Test
  void noTwoSettingsShareAVariable() {
    assertThat(Setting.ALL).extracting(Setting::variable).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("all")
  void everySettingHasADefaultOrMayBeAbsent(Setting setting) {
    assertThat(setting.isOptional()).isEqualTo(setting.defaultText() == null);
  }

  @ParameterizedTest
  @MethodSource("withDefault")
  void everyDefaultIsAllowed(Setting setting) {
    assertThat(setting.problemWith(String.valueOf(setting.defaultText()))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("all")
  void everythingThatIsCountedHasBounds(Setting setting) {
    assertThat(setting.bounds() != null)
        .isEqualTo(Comparable.class.isAssignableFrom(setting.type().type()) && isCounted(setting));
  }

  @ParameterizedTest
  @MethodSource("notOfAnyText")
  void whatCannotBeReadIsAProblem(Setting setting) {
    assertThat(setting.problemWith("no such thing")).isPresent();
  }

  private static boolean isCounted(Setting setting) {
    Class<?> type = setting.type().type();
    return type == Integer.class || type == Duration.class || type == ByteSize.class;
  }

  static Iterable<Setting> all() {
    return Setting.ALL;
  }

  static Stream<Setting> withDefault() {
    return Setting.ALL.stream().filter(setting -> setting.defaultText() != null);
  }

  /// All but texts, secrets and paths, which any text is.
  static Stream<Setting> notOfAnyText() {
    Set<Class<?>> ofAnyText = Set.of(String.class, Secret.class, Path.class);
    return Setting.ALL.stream().filter(setting -> !ofAnyText.contains(setting.type().type()));
  }
}
