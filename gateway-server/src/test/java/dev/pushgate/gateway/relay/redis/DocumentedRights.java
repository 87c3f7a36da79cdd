package dev.pushgate.gateway.relay.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// The user that docs/operate.md tells operators to make. Immutable.
///
/// @param rules as `ACL SETUSER pushgate` takes them
record DocumentedRights(List<String> rules) {
  private static final Path DOCUMENT = Path.of("..", "docs", "operate.md");
  private static final String BEGIN = "redis-cli ACL SETUSER pushgate ";

  static DocumentedRights read() {
    try {
      String text = Files.readString(DOCUMENT);
      int begin = text.indexOf(BEGIN) + BEGIN.length();
      String command = text.substring(begin, text.indexOf("```", begin));
      return new DocumentedRights(
          Pattern.compile("\\s+")
              .splitAsStream(command.replace("\\\n", " ").replace("'", "").strip())
              .toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Without the `+`.
  List<String> commands() {
    return rules.stream()
        .filter(rule -> rule.startsWith("+"))
        .map(rule -> rule.substring(1))
        .toList();
  }

  String command() {
    return "ACL SETUSER pushgate " + String.join(" ", rules);
  }
}
