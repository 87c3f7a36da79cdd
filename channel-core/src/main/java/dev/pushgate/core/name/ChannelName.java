package dev.pushgate.core.name;

import java.util.Optional;

/// The name of a channel within an app: 1–200 of `A–Z a–z 0–9 _ - = @ , . ; :`, but not `.` nor
/// `..` (a client's URL library would resolve those two away). Immutable.
public record ChannelName(String value) {
  /// The longest name, in characters (all of them ASCII, so also in bytes).
  public static final int MAX_LENGTH = 200;

  /// What a name may be, as a sentence for people.
  public static final String RULE =
      "must be 1 to 200 characters of A-Z a-z 0-9 _ - = @ , . ; : and neither . nor ..";

  /// The longest slug of a declared channel, in characters.
  public static final int MAX_SLUG_LENGTH = 128;

  /// What the slug of a declared channel may be, as a sentence for people.
  public static final String SLUG_RULE =
      "must be 1 to 128 characters: lowercase letters and digits in groups joined by single hyphens";

  private static final String PUNCTUATION = "_-=@,.;:";

  public ChannelName {
    if (!isAllowed(value)) {
      throw new IllegalArgumentException("a channel's name " + RULE);
    }
  }

  /// The name in `text`, or empty when it is none.
  public static Optional<ChannelName> parse(String text) {
    return isAllowed(text) ? Optional.of(new ChannelName(text)) : Optional.empty();
  }

  /// Whether this name may be declared: `[a-z0-9]+(-[a-z0-9]+)*`, at most 128 characters (PushFlo's
  /// slug).
  public boolean isSlug() {
    if (value.length() > MAX_SLUG_LENGTH) {
      return false;
    }
    boolean hyphenAllowed = false;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '-' ? !hyphenAllowed : !isLowerOrDigit(c)) {
        return false;
      }
      hyphenAllowed = c != '-';
    }
    return hyphenAllowed;
  }

  private static boolean isAllowed(String text) {
    if (text.isEmpty() || text.length() > MAX_LENGTH || text.equals(".") || text.equals("..")) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isLowerOrDigit(c) && !(c >= 'A' && c <= 'Z') && PUNCTUATION.indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isLowerOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  }

  @Override
  public String toString() {
    return value;
  }
}
