package dev.pushgate.rest;

import static java.util.Map.entry;

import dev.pushgate.core.name.EditDistance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The fields that a call takes. It tells which of them somebody meant by a name that is none: what
/// is passed over silently may have been the time that a token was to live. Immutable.
public final class KnownFields {
  private static final int MIN_BEGINNING = 3;
  private static final int MIN_ENDING = 5;

  /// What other services call it, by the name that it has here; all as [#plain] makes them.
  private static final Map<String, Set<String>> ELSEWHERE =
      Map.ofEntries(
          entry("id", Set.of("idempotencykey", "dedupid", "deduplicationid")),
          entry("eventtype", Set.of("evt", "eventname")),
          entry("event", Set.of("evt", "eventname")),
          entry("private", Set.of("public", "visibility", "access")),
          entry(
              "ttlseconds",
              Set.of("expiresin", "expires", "expiresat", "expiry", "exp", "lifetime")),
          entry("userid", Set.of("uid", "sub", "subject")),
          entry(
              "grants", Set.of("permissions", "capabilities", "capability", "scopes", "channels")),
          entry("pagesize", Set.of("limit", "perpage")),
          entry("after", Set.of("since", "from")),
          entry("before", Set.of("until", "to")));

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
    for (Plain known : plain) {
      if (isLike(known, wrong)
          && fields.getOrDefault(known.name, List.of()).stream().noneMatch(isGiven)) {
        return known.name;
      }
    }
    return null;
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
    if (known.equals(wrong) || ELSEWHERE.getOrDefault(known, Set.of()).contains(wrong)) {
      return true;
    }
    return wrong.length() >= MIN_BEGINNING
        && (known.startsWith(wrong)
            || field.endings.stream().anyMatch(ending -> ending.startsWith(wrong))
            || (wrong.length() >= MIN_ENDING && known.endsWith(wrong))
            || EditDistance.between(known, wrong) <= mistakesIn(known));
  }

  /// In short names one letter makes another word.
  private static int mistakesIn(String known) {
    return known.length() < 4 ? 0 : known.length() < 7 ? 1 : 2;
  }
}
