package dev.pushgate.gateway.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The words and variables that this process was started with, taken as UTF-8. Java takes them by
/// the locale, and without one (cron, systemd, containers) everything but ASCII is lost before
/// `main` is called; no flag changes that. Where the system shows a process its own bytes they are
/// read again. Thread-safe.
final class ProcessText {
  /// What Java puts in the place of what it could not read.
  private static final String LOST = "\uFFFD";

  private final Path process;

  /// @param process the directory with the files `cmdline` and `environ`; need not be there
  ProcessText(Path process) {
    this.process = process;
  }

  static ProcessText ofThisProcess() {
    return new ProcessText(Path.of("/proc/self"));
  }

  /// The arguments as they were written.
  ///
  /// @param taken as Java took them
  /// @throws IllegalArgumentException with a sentence for people when one is not UTF-8, or was lost
  String[] arguments(String[] taken) {
    if (isAscii(List.of(taken))) {
      return taken;
    }
    List<byte[]> words = words("cmdline");
    if (words.size() < taken.length) {
      return whole(taken);
    }
    String[] written = new String[taken.length];
    int first = words.size() - taken.length;
    for (int i = 0; i < taken.length; i++) {
      int number = i + 1;
      written[i] = utf8(words.get(first + i)).orElseThrow(() -> unreadable(number));
    }
    return written;
  }

  private static String[] whole(String[] taken) {
    for (int i = 0; i < taken.length; i++) {
      if (taken[i].contains(LOST)) {
        throw unreadable(i + 1);
      }
    }
    return taken;
  }

  private static IllegalArgumentException unreadable(int number) {
    return new IllegalArgumentException("argument " + number + " is not UTF-8");
  }

  /// The variables as they were written. What is not UTF-8 keeps [#LOST] in its place.
  ///
  /// @param taken as Java took them
  Map<String, String> environment(Map<String, String> taken) {
    if (isAscii(taken.values())) {
      return taken;
    }
    Map<String, String> written = new HashMap<>(taken);
    for (byte[] word : words("environ")) {
      String variable = new String(word, StandardCharsets.UTF_8);
      int equals = variable.indexOf('=');
      if (equals > 0) {
        written.replace(variable.substring(0, equals), variable.substring(equals + 1));
      }
    }
    return written;
  }

  /// The words of a file in which each ends with a zero byte; none when it cannot be read.
  private List<byte[]> words(String file) {
    List<byte[]> words = new ArrayList<>();
    try {
      byte[] all = Files.readAllBytes(process.resolve(file));
      int begin = 0;
      for (int i = 0; i < all.length; i++) {
        if (all[i] == 0) {
          words.add(Arrays.copyOfRange(all, begin, i));
          begin = i + 1;
        }
      }
    } catch (IOException e) {
      // a system that does not show them: what Java took has to do
    }
    return words;
  }

  private static Optional<String> utf8(byte[] bytes) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static boolean isAscii(Iterable<String> texts) {
    for (String text : texts) {
      if (!text.chars().allMatch(character -> character < 0x80)) {
        return false;
      }
    }
    return true;
  }
}
