package dev.pushgate.auth;

import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.outcome.Outcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a connection token allows: for patterns of channel names, a set of permissions. A pattern
/// is a name, or a prefix ending in `*`. Immutable.
public final class Grants {
  /// How much may be granted in one token: all patterns and names of permissions together, in
  /// characters. With it, a token stays below [TokenVerifier#MAX_LENGTH].
  public static final int MAX_CHARACTERS = 4000;

  private static final String SHAPE =
      "must map channel patterns to lists of subscribe, publish, presence or history";
  private static final String PATTERNS =
      "have a pattern that is neither a channel's name nor the beginning of one and a * behind it";
  private static final String SIZE =
      "are too many: at most " + MAX_CHARACTERS + " characters in all";
  // Quotes, colon and commas of an entry in JSON.
  private static final int PUNCTUATION = 4;

  // Bytes on the heap with 8-byte references: without a pattern, and for each one beside its
  // characters. Its text is 24 + 16, and its places in a map are 32, or its prefix and that one's
  // place in a list; the rest is for alignment, and for objects' headers of more than 8 bytes.
  private static final int ALONE = 80;
  private static final int PATTERN = 88;

  private final Map<String, Set<Permission>> byName;
  private final List<Prefix> prefixes;
  private final int heapBytes;

  private record Prefix(String prefix, Set<Permission> permissions) {}

  /// @param grants pattern → permissions
  public Grants(Map<String, Set<Permission>> grants) {
    Map<String, Set<Permission>> names = new HashMap<>();
    List<Prefix> found = new ArrayList<>();
    grants.forEach(
        (pattern, permissions) -> {
          Set<Permission> shared = PermissionSets.shared(permissions);
          if (pattern.endsWith("*")) {
            found.add(new Prefix(pattern.substring(0, pattern.length() - 1), shared));
          } else {
            names.put(pattern, shared);
          }
        });
    this.byName = Map.copyOf(names);
    this.prefixes = List.copyOf(found);
    this.heapBytes =
        ALONE + grants.keySet().stream().mapToInt(pattern -> PATTERN + pattern.length()).sum();
  }

  /// Grants as they came in, from a token or a request for one. Refused with a `VALIDATION_ERROR`
  /// of the field `grants` when they are not a map of patterns to lists of permissions' names.
  public static Outcome<Grants> parse(@Nullable Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      return Outcome.invalid("grants", SHAPE);
    }
    Map<String, Set<Permission>> grants = new HashMap<>();
    int characters = 0;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      Set<Permission> permissions = permissions(entry.getValue());
      if (!(entry.getKey() instanceof String pattern) || permissions == null) {
        return Outcome.invalid("grants", SHAPE);
      }
      if (!isPattern(pattern)) {
        return Outcome.invalid("grants", PATTERNS);
      }
      characters += weight(pattern, permissions);
      grants.put(pattern, permissions);
    }
    return characters <= MAX_CHARACTERS
        ? Outcome.done(new Grants(grants))
        : Outcome.invalid("grants", SIZE);
  }

  private static @Nullable Set<Permission> permissions(@Nullable Object value) {
    if (!(value instanceof Collection<?> names)) {
      return null;
    }
    Set<Permission> permissions = EnumSet.noneOf(Permission.class);
    for (Object name : names) {
      Optional<Permission> permission =
          name instanceof String text ? Permission.ofWireName(text) : Optional.empty();
      if (permission.isEmpty()) {
        return null;
      }
      permissions.add(permission.get());
    }
    return permissions;
  }

  private static boolean isPattern(String text) {
    if (!text.endsWith("*")) {
      return ChannelName.parse(text).isPresent();
    }
    // A prefix need not be a name (`.*` is fine), but something behind it must make it one.
    String prefix = text.substring(0, text.length() - 1);
    return ChannelName.parse(prefix + "-").isPresent();
  }

  private static int weight(String pattern, Set<Permission> permissions) {
    int weight = pattern.length() + PUNCTUATION;
    for (Permission permission : permissions) {
      weight += permission.wireName().length() + PUNCTUATION;
    }
    return weight;
  }

  /// About what this takes on the heap.
  public int heapBytes() {
    return heapBytes;
  }

  /// Whether any pattern that fits the channel has the permission.
  public boolean allow(Permission permission, ChannelName channel) {
    Set<Permission> exact = byName.get(channel.value());
    if (exact != null && exact.contains(permission)) {
      return true;
    }
    for (Prefix prefix : prefixes) {
      if (prefix.permissions.contains(permission) && channel.value().startsWith(prefix.prefix)) {
        return true;
      }
    }
    return false;
  }

  /// Whether there is any channel for which this is granted.
  public boolean allowAnywhere(Permission permission) {
    return byName.values().stream().anyMatch(granted -> granted.contains(permission))
        || prefixes.stream().anyMatch(prefix -> prefix.permissions.contains(permission));
  }

  /// The grants again as they were given: pattern → permissions.
  public Map<String, Set<Permission>> asMap() {
    Map<String, Set<Permission>> map = new TreeMap<>(byName);
    prefixes.forEach(prefix -> map.put(prefix.prefix + "*", prefix.permissions));
    return map;
  }

  /// The grants as a token has them: pattern → names of permissions, both in a fixed order.
  Map<String, List<String>> toWire() {
    Map<String, List<String>> wire = new TreeMap<>();
    asMap()
        .forEach(
            (pattern, permissions) ->
                wire.put(
                    pattern, permissions.stream().sorted().map(Permission::wireName).toList()));
    return wire;
  }
}
