package dev.pushgate.rest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The fields that a call takes. It tells which of them somebody meant by a name that is none: what
/// is passed over silently may have been the time that a token was to live. Immutable.
public final class KnownFields {
  private static final int MIN_BEGINNING = 3;
  private static final int MIN_ENDING = 5;

  /// Longer than any field's name, with room for mistakes.
  private static final int MAX_LENGTH = 32;

  /// Each name's synonyms, itself among them, in one list for all of them.
  private final Map<String, List<String>> fields = new HashMap<>();

  /// Names as [#plain] makes them, and what they are plain of.
  private final List<Plain> plain = new ArrayList<>();

  private record Plain(String text, String name) {}

  private KnownFields() {}

  /// @param fields one name each, or several that mean the same with `|` between them
  public static KnownFields of(String... fields) {
    KnownFields known = new KnownFields();
    for (String field : fields) {
      List<String> synonyms = List.of(field.split("\\|"));
      for (String name : synonyms) {
        known.fields.put(name, synonyms);
        known.plain.add(new Plain(plain(name), name));
      }
    }
    return known;
  }

  boolean has(String name) {
    return fields.containsKey(name);
  }

  /// The field that was probably meant by a name that is none; null when there is none like it, or
  /// only such as were given beside it: whoever says `data` does not mean it by `date`.
  ///
  /// @param isGiven whether a field is there
  @Nullable String meantBy(String name, Predicate<String> isGiven) {
    if (name.length() > MAX_LENGTH) {
      return null;
    }
    String wrong = plain(name);
    for (Plain known : plain) {
      if (isLike(known.text, wrong)
          && fields.getOrDefault(known.name, List.of()).stream().noneMatch(isGiven)) {
        return known.name;
      }
    }
    return null;
  }

  /// `ttl_seconds` and `TTLSeconds` are `ttlSeconds`.
  private static String plain(String name) {
    return name.replace("_", "").replace("-", "").toLowerCase(Locale.ROOT);
  }

  private static boolean isLike(String known, String wrong) {
    return known.equals(wrong)
        || (wrong.length() >= MIN_BEGINNING && known.startsWith(wrong))
        || (wrong.length() >= MIN_ENDING && known.endsWith(wrong))
        || (wrong.length() >= MIN_BEGINNING && distance(known, wrong) <= mistakesIn(known));
  }

  /// In short names one letter makes another word.
  private static int mistakesIn(String known) {
    return known.length() < 4 ? 0 : known.length() < 7 ? 1 : 2;
  }

  /// The fewest insertions, deletions, replacements and swaps of neighbours that make the one into
  /// the other (optimal string alignment).
  private static int distance(String a, String b) {
    int[][] steps = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        steps[i][j] = i == 0 ? j : j == 0 ? i : step(steps, a, b, i, j);
      }
    }
    return steps[a.length()][b.length()];
  }

  private static int step(int[][] steps, String a, String b, int i, int j) {
    boolean same = a.charAt(i - 1) == b.charAt(j - 1);
    int least =
        Math.min(
            steps[i - 1][j - 1] + (same ? 0 : 1), 1 + Math.min(steps[i - 1][j], steps[i][j - 1]));
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(least, steps[i - 2][j - 2] + 1) : least;
  }
}
