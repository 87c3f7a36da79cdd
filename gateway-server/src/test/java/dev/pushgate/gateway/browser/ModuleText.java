package dev.pushgate.gateway.browser;

import java.util.ArrayDeque;
import java.util.Deque;

/// JavaScript without its comments and its indentation: at least as long as what any minifier makes
/// of it. It reads only as much of the language as the client is written in, and throws where it
/// has lost its way. Confined to the thread that made it.
final class ModuleText {
  private static final String CLOSING = ")]}";
  private static final String OPENING = "([{";

  private final String source;
  private final StringBuilder out = new StringBuilder();

  /// The brackets that are open, and a backtick for each template that is.
  private final Deque<Character> open = new ArrayDeque<>();

  private int at;

  private ModuleText(String source) {
    this.source = source;
  }

  static String stripped(String source) {
    ModuleText text = new ModuleText(source);
    text.strip();
    return text.out
        .toString()
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .reduce("", (all, line) -> all + line + "\n");
  }

  private void strip() {
    while (at < source.length()) {
      char c = source.charAt(at);
      if (source.startsWith("//", at)) {
        at = endOf("\n", at);
      } else if (source.startsWith("/*", at)) {
        at = endOf("*/", at) + 2;
      } else if (c == '\'' || c == '"' || (c == '/' && regexMayBegin())) {
        literal(c);
      } else if (c == '`') {
        open.push('`');
        copy();
        template();
      } else if (c == '}' && open.size() > 1 && closesPlaceholder()) {
        open.pop();
        copy();
        template();
      } else {
        bracket(c);
        copy();
      }
    }
    if (!open.isEmpty()) {
      throw lost("these are not closed: " + open);
    }
  }

  private int endOf(String end, int from) {
    int found = source.indexOf(end, from);
    if (found < 0) {
      throw lost("no end of a comment");
    }
    return found;
  }

  private void copy() {
    out.append(source.charAt(at++));
  }

  /// A string or a regular expression, which ends in its line.
  private void literal(char end) {
    boolean inClass = false;
    copy();
    while (source.charAt(at) != end || inClass) {
      char c = source.charAt(at);
      if (c == '\n') {
        throw lost("a literal goes over the end of its line");
      }
      if (end == '/' && (c == '[' || c == ']')) {
        inClass = c == '[';
      }
      if (c == '\\') {
        copy();
      }
      copy();
    }
    copy();
  }

  /// The text of a template, up to its end or its next placeholder.
  private void template() {
    while (source.charAt(at) != '`') {
      if (source.startsWith("${", at)) {
        copy();
        copy();
        open.push('$');
        return;
      }
      copy();
    }
    copy();
    open.pop();
  }

  private boolean closesPlaceholder() {
    return open.getFirst() == '$';
  }

  private void bracket(char c) {
    if (OPENING.indexOf(c) >= 0) {
      open.push(c);
    }
    int closing = CLOSING.indexOf(c);
    if (closing >= 0 && (open.isEmpty() || open.pop() != OPENING.charAt(closing))) {
      throw lost("a bracket too many: " + c);
    }
  }

  /// A slash behind a value divides.
  private boolean regexMayBegin() {
    String before = out.toString().stripTrailing();
    return before.isEmpty() || "(,=:[!&|?{};".indexOf(before.charAt(before.length() - 1)) >= 0;
  }

  private IllegalStateException lost(String why) {
    int line =
        1
            + (int)
                source
                    .substring(0, Math.min(at, source.length()))
                    .chars()
                    .filter(c -> c == '\n')
                    .count();
    return new IllegalStateException("line " + line + ": " + why);
  }
}
