package dev.pushgate.gateway.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// How alike two words are, for suggestions. Thread-safe.
public final class EditDistance {
  private EditDistance() {}

  /// The name that is likeliest meant by a word that is none of them; empty when all are too far
  /// from it.
  public static Optional<String> nearest(String word, Collection<String> names) {
    return names.stream()
        .min(
            Comparator.<String>comparingInt(name -> between(word, name))
                .thenComparing(name -> name))
        .filter(best -> between(word, best) * 2 <= Math.max(word.length(), best.length()));
  }

  /// The fewest insertions, deletions and replacements of characters that make `a` into `b`
  /// (Levenshtein).
  static int between(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
