package dev.pushgate.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AppTest {
  @Test
  void onlyOriginsThatAreAllowedMayCallFromABrowser() {
    App app = allowing(List.of("https://acme.example", "http://localhost:3000"));
    assertThat(app.allowsOrigin("https://acme.example")).isTrue();
    assertThat(app.allowsOrigin("http://localhost:3000")).isTrue();
    assertThat(app.allowsOrigin("http://acme.example")).isFalse();
    assertThat(app.allowsOrigin("https://acme.example:8443")).isFalse();
    assertThat(app.allowsOrigin("https://acme.example.evil.example")).isFalse();
    assertThat(app.allowsOrigin("null")).isFalse();
    assertThat(app.allowsOrigin("*")).isFalse();
  }

  @Test
  void aStarAllowsEveryOriginAndAnEmptyListNone() {
    assertThat(allowing(List.of("*")).allowsOrigin("https://anywhere.example")).isTrue();
    assertThat(allowing(List.of()).allowsOrigin("https://anywhere.example")).isFalse();
  }

  @ParameterizedTest
  @EnumSource(KeyKind.class)
  void kindsOfKeysAreFoundByTheirNames(KeyKind kind) {
    assertThat(KeyKind.ofWireName(kind.wireName())).contains(kind);
    assertThat(KeyKind.ofWireName(kind.name())).isEmpty();
  }

  private static App allowing(List<String> origins) {
    return new App(TwoApps.ACME, "", origins, true, false, List.of(), TwoApps.NOW);
  }
}
