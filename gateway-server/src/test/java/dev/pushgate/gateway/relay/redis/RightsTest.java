package dev.pushgate.gateway.relay.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What a connection tries at its beginning, and what the scripts call.
class RightsTest {
  /// What connections ask for beside scripts.
  static final Set<String> OF_CONNECTIONS =
      Set.of("script|load", "evalsha", "subscribe", "unsubscribe");

  private static final Pattern CALL = Pattern.compile("redis\\.p?call\\(\\s*'([A-Z]+)'");
  private static final Pattern TRIED = Pattern.compile("\\{'([A-Z]+)'");

  @Test
  void everyCommandOfTheScriptsIsTriedAndNoOther() {
    Set<String> called =
        Arrays.stream(Script.values())
            .filter(script -> script != Script.RIGHTS)
            .flatMap(script -> found(CALL, script))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(tried()).isEqualTo(called).hasSizeGreaterThan(30);
  }

  @Test
  void theDocumentedUserMayDoThatAndNoMore() {
    Set<String> needed = new TreeSet<>(OF_CONNECTIONS);
    tried().forEach(command -> needed.add(command.toLowerCase(Locale.ROOT)));

    assertThat(DocumentedRights.read().commands()).containsExactlyInAnyOrderElementsOf(needed);
  }

  /// In upper case, as scripts write them.
  static Set<String> tried() {
    return found(TRIED, Script.RIGHTS).collect(Collectors.toCollection(TreeSet::new));
  }

  private static Stream<String> found(Pattern pattern, Script script) {
    return pattern
        .matcher(new String(script.text(), StandardCharsets.UTF_8))
        .results()
        .map((MatchResult result) -> result.group(1));
  }
}
