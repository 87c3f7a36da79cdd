package dev.pushgate.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.ConfigMappings.ConfigClass;
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
  @MethodSource("all")
  void everyDefaultIsAllowed(Setting setting) {
    String text = setting.defaultText();
    if (text != null) {
      assertThat(setting.problemWith(text)).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void everythingThatIsCountedHasBounds(Setting setting) {
    assertThat(setting.bounds() != null)
        .isEqualTo(Comparable.class.isAssignableFrom(setting.type().type()) && isCounted(setting));
  }

  @ParameterizedTest
  @MethodSource("all")
  void whatCannotBeReadIsAProblem(Setting setting) {
    Class<?> type = setting.type().type();
    if (isCounted(setting) || type == Boolean.class || type == LogLevel.class) {
      assertThat(setting.problemWith("no such thing")).isPresent();
    }
  }

  private static boolean isCounted(Setting setting) {
    Class<?> type = setting.type().type();
    return type == Integer.class || type == java.time.Duration.class || type == ByteSize.class;
  }

  static Iterable<Setting> all() {
    return Setting.ALL;
  }
}
