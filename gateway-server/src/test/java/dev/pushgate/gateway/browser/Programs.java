package dev.pushgate.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/// What is installed on this machine. Stateless.
public final class Programs {
  private Programs() {}

  /// Skips what needs a program that is not there, or fails it where the browser tests must run.
  public static void need(String name) {
    BrowserPrograms.Search search = BrowserPrograms.Search.here();
    boolean isThere = isHere(name);
    String sentence = "This is not tried, for there is no `" + name + "` here";
    if (search.isRequired()) {
      assertThat(isThere).as(sentence).isTrue();
    }
    assumeTrue(isThere, sentence);
  }

  static boolean isHere(String name) {
    return BrowserPrograms.Search.here().onPath(name).findFirst().isPresent();
  }
}
