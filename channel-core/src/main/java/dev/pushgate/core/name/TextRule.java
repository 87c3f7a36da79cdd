package dev.pushgate.core.name;

import org.jspecify.annotations.Nullable;

/// What a text that we keep or pass on must be: within its length, without NUL and without half
/// of a surrogate pair, for no database stores these and no UTF-8 carries the latter. Lengths count
/// what people call characters, as far as that is easily told: Unicode's code points, so that an
/// emoji is one. Stateless.
public final class TextRule {
  private TextRule() {}

  /// How many characters a text has.
  public static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /// What is wrong with `text`, as the rest of a sentence; null when nothing is.
  public static @Nullable String broken(String text, int minLength, int maxLength) {
    int length = length(text);
    if (length < minLength || length > maxLength) {
      return "must be " + minLength + " to " + maxLength + " characters";
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        return "must not hold a NUL character";
      }
      if (Character.isSurrogate(c)) {
        if (!isPair(text, i)) {
          return "must not hold half of a surrogate pair";
        }
        i++;
      }
    }
    return null;
  }

  /// The text with a replacement character for each half of a surrogate pair, so that it can be
  /// written.
  public static String writable(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i)) && !isPair(text, i++)) {
        return replaced(text);
      }
    }
    return text;
  }

  private static String replaced(String text) {
    StringBuilder writable = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? '\uFFFD' : c)
        .forEach(writable::appendCodePoint);
    return writable.toString();
  }

  private static boolean isPair(String text, int at) {
    return at + 1 < text.length()
        && Character.isSurrogatePair(text.charAt(at), text.charAt(at + 1));
  }
}
