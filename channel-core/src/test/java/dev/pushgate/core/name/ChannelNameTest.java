package dev.pushgate.core.name;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelNameTest {
  @ParameterizedTest
  @ValueSource(strings = {"a", "orders:user-123", "A_b-c=d@e,f.g;h:i", "...", "0", ".a"})
  void namesOfTheAllowedCharactersPass(String name) {
    assertThat(ChannelName.parse(name)).contains(new ChannelName(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a b", "a/b", "ü", "a\u0000", "\uD800", "a\n", "a*", "a#"})
  void otherNamesDoNot(String name) {
    assertThat(ChannelName.parse(name)).isEmpty();
    assertThatIllegalArgumentException().isThrownBy(() -> new ChannelName(name));
  }

  @Test
  void twoHundredCharactersPassAndOneMoreDoesNot() {
    assertThat(ChannelName.parse("x".repeat(200))).isPresent();
    assertThat(ChannelName.parse("x".repeat(201))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "orders", "orders-2", "a-b-c"})
  void lowercaseGroupsJoinedBySingleHyphensAreASlug(String name) {
    assertThat(new ChannelName(name).isSlug()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-a", "a-", "a--b", "A", "a_b", "a:b", "-"})
  void otherNamesAreNoSlug(String name) {
    assertThat(new ChannelName(name).isSlug()).isFalse();
  }

  @Test
  void aSlugHasAtMost128Characters() {
    assertThat(new ChannelName("x".repeat(128)).isSlug()).isTrue();
    assertThat(new ChannelName("x".repeat(129)).isSlug()).isFalse();
  }
}
