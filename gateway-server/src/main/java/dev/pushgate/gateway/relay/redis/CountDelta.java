package dev.pushgate.gateway.relay.redis;

import dev.pushgate.core.name.ChannelKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Some of a node's counts as the others hear them: a line with node and number of the call, and
/// for each channel a line with its name and its count. Immutable.
///
/// @param number one more than that of the call before, unless everything is to be read again
record CountDelta(String node, long number, Map<ChannelKey, Integer> counts) {
  private static final int HEADER_FIELDS = 2;

  String text() {
    StringBuilder text = new StringBuilder(node).append(' ').append(number);
    counts.forEach((key, count) -> text.append('\n').append(key).append(' ').append(count));
    return text.toString();
  }

  /// Empty when it is none that this version knows.
  static Optional<CountDelta> read(String text) {
    String[] lines = text.split("\n", -1);
    String[] header = lines[0].split(" ", -1);
    if (header.length != HEADER_FIELDS) {
      return Optional.empty();
    }
    Map<ChannelKey, Integer> counts = new LinkedHashMap<>();
    try {
      for (int i = 1; i < lines.length; i++) {
        int space = lines[i].indexOf(' ');
        counts.put(
            ChannelKey.parse(lines[i].substring(0, space)), count(lines[i].substring(space + 1)));
      }
      return Optional.of(new CountDelta(header[0], Long.parseLong(header[1]), counts));
    } catch (IllegalArgumentException | IndexOutOfBoundsException _) {
      return Optional.empty();
    }
  }

  /// @throws IllegalArgumentException when it is no count
  static int count(String text) {
    int count = Integer.parseInt(text);
    if (count < 0) {
      throw new IllegalArgumentException("a count below zero");
    }
    return count;
  }
}
