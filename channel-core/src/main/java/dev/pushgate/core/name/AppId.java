package dev.pushgate.core.name;

import java.util.regex.Pattern;

/// The identity of an app (a tenant). Channels of one name in two apps never meet. Immutable.
///
/// @param value 1–64 characters of `a–z 0–9 _ -`, beginning with a letter or digit
public record AppId(String value) implements Comparable<AppId> {
  private static final Pattern ALLOWED = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");

  /// The app that a first start makes.
  public static final AppId DEFAULT = new AppId("default");

  public AppId {
    if (!ALLOWED.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "an app's id is 1-64 characters of a-z 0-9 _ -, beginning with a letter or digit");
    }
  }

  @Override
  public int compareTo(AppId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
