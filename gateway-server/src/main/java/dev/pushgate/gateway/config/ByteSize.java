package dev.pushgate.gateway.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A number of bytes, written with its unit: `512B`, `64KiB`, `1MiB`, `2GiB`. Immutable.
public record ByteSize(long bytes) implements Comparable<ByteSize> {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,10})\\s*(B|KiB|MiB|GiB)");

  /// @throws IllegalArgumentException with a sentence for people when this is no size
  public static ByteSize parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("is not a size such as 512B, 64KiB, 1MiB or 2GiB");
    }
    return new ByteSize(Long.parseLong(matcher.group(1)) << shift(matcher.group(2)));
  }

  private static int shift(String unit) {
    return switch (unit.charAt(0)) {
      case 'K' -> 10;
      case 'M' -> 20;
      case 'G' -> 30;
      default -> 0;
    };
  }

  /// The size as an array's length.
  ///
  /// @throws ArithmeticException when it is 2 GiB or more; the settings' bounds keep such sizes out
  ///     where an array is meant
  public int toInt() {
    return Math.toIntExact(bytes);
  }

  @Override
  public int compareTo(ByteSize other) {
    return Long.compare(bytes, other.bytes);
  }

  /// In the largest unit that divides it, as [#parse] reads it.
  @Override
  public String toString() {
    if (bytes != 0 && bytes % (1L << 30) == 0) {
      return (bytes >> 30) + "GiB";
    }
    if (bytes != 0 && bytes % (1L << 20) == 0) {
      return (bytes >> 20) + "MiB";
    }
    if (bytes != 0 && bytes % (1L << 10) == 0) {
      return (bytes >> 10) + "KiB";
    }
    return bytes + "B";
  }
}
