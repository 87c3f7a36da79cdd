package dev.pushgate.auth;

import java.util.Optional;

/// The kinds of API keys, weakest first: each may do all that the ones before it may. Immutable.
public enum KeyKind {
  /// Public, lives in browsers: connects, and subscribes to channels that are not private.
  PUBLISH("pub_", "publish"),
  /// For servers: also publishes, reads history, declares channels and mints connection tokens.
  SECRET("sec_", "secret"),
  /// For operators of the app: also makes and revokes keys.
  MANAGEMENT("mgmt_", "management");

  private final String prefix;
  private final String wireName;

  KeyKind(String prefix, String wireName) {
    this.prefix = prefix;
    this.wireName = wireName;
  }

  /// What a key of this kind begins with.
  public String prefix() {
    return prefix;
  }

  /// What this kind is called in the REST API and in the store.
  public String wireName() {
    return wireName;
  }

  public boolean includes(KeyKind other) {
    return compareTo(other) >= 0;
  }

  /// The kind that a key's text claims to be of.
  public static Optional<KeyKind> ofKeyText(String text) {
    for (KeyKind kind : values()) {
      if (text.startsWith(kind.prefix)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  public static Optional<KeyKind> ofWireName(String name) {
    for (KeyKind kind : values()) {
      if (kind.wireName.equals(name)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }
}
