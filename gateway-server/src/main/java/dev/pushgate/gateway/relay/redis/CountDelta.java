package dev.pushgate.gateway.relay.redis;

import dev.pushgate.core.name.ChannelKey;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Some of a node's counts as the others hear them: a line with version, node and number of the
/// call, and for each channel a line with its name and its count. Immutable.
///
/// @param number one more than that of the call before, unless everything is to be read again
record CountDelta(String node, long number, Map<ChannelKey, Integer> counts) {
  private static final String VERSION = "1";
  private static final int HEADER_FIELDS = 3;

  byte[] bytes() {
    StringBuilder text = new StringBuilder(VERSION);
    text.append(' ').append(node).append(' ').append(number);
    counts.forEach((key, count) -> text.append('\n').append(key).append(' ').append(count));
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /// Empty when it is none that this version knows.
  static Optional<CountDelta> read(byte[] bytes) {
    String[] lines = new String(bytes, StandardCharsets.US_ASCII).split("\n", -1);
    String[] header = lines[0].split(" ", -1);
    if (header.length != HEADER_FIELDS || !header[0].equals(VERSION)) {
      return Optional.empty();
    }
    Map<ChannelKey, Integer> counts = new LinkedHashMap<>();
    try {
      for (int i = 1; i < lines.length; i++) {
        int space = lines[i].indexOf(' ');
        counts.put(
            ChannelKey.parse(lines[i].substring(0, space)), count(lines[i].substring(space + 1)));
      }
      return Optional.of(new CountDelta(header[1], Long.parseLong(header[2]), counts));
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
