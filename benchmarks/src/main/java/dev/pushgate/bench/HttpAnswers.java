package dev.pushgate.bench;

import java.util.function.IntConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the answers on a keep-alive connection. Knows answers with `Content-Length` only, which is
/// what publishing gets. Confined to its connection's loop.
final class HttpAnswers {
  private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *([0-9]+)\r\n");
  private static final int STATUS_FROM = "HTTP/1.1 ".length();

  private final IntConsumer statuses;
  private final StringBuilder received = new StringBuilder();

  /// @param statuses is given the status of each whole answer
  HttpAnswers(IntConsumer statuses) {
    this.statuses = statuses;
  }

  /// Takes the next bytes, each as a character.
  void take(String bytes) {
    received.append(bytes);
    int length;
    while ((length = wholeAnswer()) > 0) {
      int status = Integer.parseInt(received.substring(STATUS_FROM, STATUS_FROM + 3));
      received.delete(0, length);
      statuses.accept(status);
    }
  }

  private int wholeAnswer() {
    int head = received.indexOf("\r\n\r\n");
    if (head < 0) {
      return 0;
    }
    Matcher matcher = LENGTH.matcher(received).region(0, head + 2);
    int length = head + 4 + (matcher.find() ? Integer.parseInt(matcher.group(1)) : 0);
    return received.length() >= length ? length : 0;
  }
}
