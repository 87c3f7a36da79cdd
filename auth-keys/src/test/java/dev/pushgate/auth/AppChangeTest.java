package dev.pushgate.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.name.AppId;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AppChangeTest {
  private static final App APP =
      new App(new AppId("a"), "A", List.of("*"), true, false, List.of(), Instant.EPOCH);

  @Test
  void whatIsNotGivenStaysAsItIs() {
    assertThat(new AppChange(null, null, null).appliedTo(APP)).isEqualTo(APP);
    App changed = new AppChange(List.of("https://a.example"), false, true).appliedTo(APP);
    assertThat(changed.allowedOrigins()).containsExactly("https://a.example");
    assertThat(changed.undeclaredChannels()).isFalse();
    assertThat(changed.publishKeysRead()).isTrue();
    assertThat(new AppChange(null, true, null).appliedTo(changed))
        .isEqualTo(new AppChange(List.of("https://a.example"), null, true).appliedTo(APP));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "https://app.example.com",
        "http://localhost:3000",
        "http://[::1]:3000",
        "https://xn--bcher-kva.example",
        "http://a.example:443",
        "capacitor://localhost"
      })
  void whatBrowsersSendIsAnOrigin(String text) {
    assertThat(AppChange.isOrigin(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "app.example.com",
        "https://app.example.com/",
        "https://App.example.com",
        "HTTPS://app.example.com",
        "https://app.example.com:443",
        "http://app.example.com:80",
        "https://*.example.com/x",
        "https://ann@app.example.com",
        "https://a.example,https://b.example",
        "https://a.example\nhttps://b.example",
        "https://"
      })
  void whatNoBrowserWritesIsNone(String text) {
    assertThat(AppChange.isOrigin(text)).isFalse();
  }
}
