package dev.pushgate.auth;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// All sets of permissions, each once: a token may name one for each of hundreds of patterns.
/// Immutable.
final class PermissionSets {
  private static final List<Set<Permission>> BY_BITS =
      IntStream.range(0, 1 << Permission.values().length).mapToObj(PermissionSets::ofBits).toList();

  private PermissionSets() {}

  /// The one that equals this.
  static Set<Permission> shared(Set<Permission> permissions) {
    int bits = 0;
    for (Permission permission : permissions) {
      bits |= bit(permission);
    }
    return BY_BITS.get(bits);
  }

  private static Set<Permission> ofBits(int bits) {
    Set<Permission> permissions = EnumSet.allOf(Permission.class);
    permissions.removeIf(permission -> (bits & bit(permission)) == 0);
    return Set.copyOf(permissions);
  }

  private static int bit(Permission permission) {
    return 1 << permission.ordinal();
  }
}
