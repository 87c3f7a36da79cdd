package dev.pushgate.auth;

import java.util.Optional;

/// What can be done with one channel, as grants name it. Immutable.
public enum Permission {
  SUBSCRIBE("subscribe"),
  PUBLISH("publish"),
  PRESENCE("presence"),
  HISTORY("history");

  private final String wireName;

  Permission(String wireName) {
    this.wireName = wireName;
  }

  /// What this permission is called in a token's grants.
  public String wireName() {
    return wireName;
  }

  public static Optional<Permission> ofWireName(String name) {
    for (Permission permission : values()) {
      if (permission.wireName.equals(name)) {
        return Optional.of(permission);
      }
    }
    return Optional.empty();
  }
}
