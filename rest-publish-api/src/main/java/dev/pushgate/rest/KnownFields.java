package dev.pushgate.rest;

import static java.util.Map.entry;

import dev.pushgate.core.name.EditDistance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The fields that a call takes. It tells which of them somebody meant by a name that is none: what
/// is passed over silently may have been the time that a token was to live. Immutable.
public final class KnownFields {
  private static final int MIN_BEGINNING = 3;
  private static final int MIN_ENDING = 5;

  /// From this length on one slip in a synonym is still the synonym.
  private static final int MIN_SLIP = 5;

  private static final Set<String> EVENT = Set.of("event", "evt", "eventname", "name");

  private static final Set<String> CONTENT =
      Set.of("data", "content", "payload", "message", "body");

  /// What other services call it, by the name that it has here; all as [#plain] makes them.
  private static final Map<String, Set<String>> ELSEWHERE =
      Map.ofEntries(
          entry("id", Set.of("idempotencykey", "dedupid", "deduplicationid")),
          entry("eventtype", EVENT),
          entry("event", EVENT),
          entry("data", CONTENT),
          entry("content", CONTENT),
          entry(
              "private",
              Set.of(
                  "public",
                  "visibility",
                  "access",
                  "secret",
                  "hidden",
                  "protected",
                  "restricted",
                  "auth",
                  "authrequired",
                  "requireauth",
                  "requiresauth")),
          entry(
              "ttlseconds",
              Set.of(
                  "exp",
                  "expires",
                  "expiresin",
                  "expiresat",
                  "expiration",
                  "expiry",
                  "tll",
                  "lifetime",
                  "duration",
                  "timeout",
                  "validity")),
          entry("userid", Set.of("uid", "sub", "subject")),
          entry(
              "grants", Set.of("permissions", "capabilities", "capability", "scopes", "channels")),
          entry("pagesize", Set.of("limit", "perpage", "count")),
          entry("after", Set.of("since", "from")),
          entry("before", Set.of("until", "to")));

  /// Where a name has too many to list: how long a token lives is said as `ttlMs`, `tokenExpiry`,
  /// `expires_in_seconds` … All as [#plain] makes them.
  private static final Map<String, Pattern> FAMILIES =
      Map.of(
          "ttlseconds",
          Pattern.compile(
              "^ttl|ttl$|expir|lifetime|lifespan|timetolive|maxage|duration$"
                  + "|valid(ity|for|until)"));

  /// Longer than any field's name, with room for mistakes.
  private static final int MAX_LENGTH = 32;

  /// Each name's synonyms, itself among them, in one list for all of them.
  private final Map<String, List<String>> fields = new HashMap<>();

  /// Names as [#plain] makes them, and what they are plain of.
  private final List<Plain> plain = new ArrayList<>();

  /// @param endings the name without its first parts, one more at a time, as plain: of `ttlSeconds`
  ///     it is `seconds`
  private record Plain(String text, List<String> endings, String name) {}

  private KnownFields() {}

  /// @param fields one name each, or several that mean the same with `|` between them
  public static KnownFields of(String... fields) {
    KnownFields known = new KnownFields();
    for (String field : fields) {
      List<String> synonyms = List.of(field.split("\\|"));
      for (String name : synonyms) {
        known.fields.put(name, synonyms);
        known.plain.add(new Plain(plain(name), endings(name), name));
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
    Predicate<Plain> isFree =
        known -> fields.getOrDefault(known.name, List.of()).stream().noneMatch(isGiven);
    return first(isFree.and(known -> isLike(known, wrong)))
        .or(() -> first(isFree.and(known -> isCalledElsewhere(known.text, wrong))))
        .orElse(null);
  }

  private Optional<String> first(Predicate<Plain> what) {
    return plain.stream().filter(what).findFirst().map(Plain::name);
  }

  /// `ttl_seconds` and `TTLSeconds` are `ttlSeconds`, and `private` is `isPrivate`.
  private static String plain(String name) {
    return name.replaceFirst("^is(?=[-_A-Z])", "")
        .replace("_", "")
        .replace("-", "")
        .toLowerCase(Locale.ROOT);
  }

  private static List<String> endings(String name) {
    List<String> endings = new ArrayList<>();
    for (int i = 1; i < name.length(); i++) {
      if (Character.isUpperCase(name.charAt(i))) {
        endings.add(plain(name.substring(i)));
      }
    }
    return endings;
  }

  private static boolean isLike(Plain field, String wrong) {
    String known = field.text;
    if (known.equals(wrong)) {
      return true;
    }
    return wrong.length() >= MIN_BEGINNING
        && (known.startsWith(wrong)
            || field.endings.stream().anyMatch(ending -> ending.startsWith(wrong))
            || (wrong.length() >= MIN_ENDING && known.endsWith(wrong))
            || isWithin(mistakesIn(known), known, wrong));
  }

  private static boolean isCalledElsewhere(String known, String wrong) {
    Pattern family = FAMILIES.get(known);
    return (family != null && family.matcher(wrong).find())
        || ELSEWHERE.getOrDefault(known, Set.of()).stream()
            .anyMatch(other -> isWithin(other.length() < MIN_SLIP ? 0 : 1, other, wrong));
  }

  private static boolean isWithin(int mistakes, String known, String wrong) {
    return Math.abs(known.length() - wrong.length()) <= mistakes
        && (mistakes == 0 ? known.equals(wrong) : EditDistance.between(known, wrong) <= mistakes);
  }

  /// In short names one letter makes another word.
  private static int mistakesIn(String known) {
    return known.length() < 4 ? 0 : known.length() < 7 ? 1 : 2;
  }
}
