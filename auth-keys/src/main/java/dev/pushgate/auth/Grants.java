package dev.pushgate.auth;

import dev.pushgate.core.name.ChannelName;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a connection token allows: for patterns of channel names, a set of permissions. A pattern is a name,
/// or a prefix ending in `*`. Immutable.
public final class Grants {
  private final Map<String, Set<Permission>> byName;
  private final List<Prefix> prefixes;

  private record Prefix(String prefix, Set<Permission> permissions) {}

  /// @param grants pattern → permissions
  public Grants(Map<String, Set<Permission>> grants) {
    Map<String, Set<Permission>> names = new java.util.HashMap<>();
    List<Prefix> found = new ArrayList<>();
    grants.forEach(
        (pattern, permissions) -> {
          Set<Permission> copy = Set.copyOf(permissions);
          if (pattern.endsWith("*")) {
            found.add(new Prefix(pattern.substring(0, pattern.length() - 1), copy));
          } else {
            names.put(pattern, copy);
          }
        });
    this.byName = Map.copyOf(names);
    this.prefixes = List.copyOf(found);
  }

  /// Whether any pattern that fits the channel has the permission.
  public boolean allow(Permission permission, ChannelName channel) {
    Set<Permission> exact = byName.get(channel.value());
    if (exact != null && exact.contains(permission)) {
      return true;
    }
    for (Prefix prefix : prefixes) {
      if (prefix.permissions.contains(permission)
          && channel.value().startsWith(prefix.prefix)) {
        return true;
      }
    }
    return false;
  }

  /// The grants again as they were given: pattern → permissions.
  public Map<String, Set<Permission>> asMap() {
    Map<String, Set<Permission>> map = new java.util.TreeMap<>();
    byName.forEach((name, permissions) -> map.put(name, EnumSet.copyOf(permissions)));
    prefixes.forEach(prefix -> map.put(prefix.prefix + "*", EnumSet.copyOf(prefix.permissions)));
    return map;
  }
}
