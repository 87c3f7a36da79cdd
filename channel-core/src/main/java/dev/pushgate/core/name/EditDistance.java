package dev.pushgate.core.name;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// How alike two words are, for suggestions. Thread-safe.
public final class EditDistance {
  private EditDistance() {}

  /// From how many characters on a word may be the beginning of a name.
  private static final int MIN_BEGINNING = 3;

  /// The name that is likeliest meant by a word that is none of them: the shortest one that begins
  /// with it, or else the one with the fewest slips; empty when in all more than a third of the
  /// letters is wrong.
  public static Optional<String> nearest(String word, Collection<String> names) {
    Comparator<String> alphabet = Comparator.naturalOrder();
    return names.stream()
        .filter(name -> word.length() >= MIN_BEGINNING && name.startsWith(word))
        .min(Comparator.comparingInt(String::length).thenComparing(alphabet))
        .or(
            () ->
                names.stream()
                    .min(
                        Comparator.<String>comparingInt(name -> between(word, name))
                            .thenComparing(alphabet))
                    .filter(
                        best -> between(word, best) * 3 <= Math.max(letters(word), letters(best))));
  }

  private static long letters(String word) {
    return word.chars().filter(Character::isLetterOrDigit).count();
  }

  /// The fewest insertions, deletions, replacements and swaps of neighbours that make the one into
  /// the other (optimal string alignment). Costs the product of both lengths.
  public static int between(String a, String b) {
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
