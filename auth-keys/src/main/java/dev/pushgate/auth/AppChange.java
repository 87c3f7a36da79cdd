package dev.pushgate.auth;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What becomes otherwise in an app's settings; null for what stays as it is. Immutable.
///
/// @param allowedOrigins as [App#allowedOrigins] has them, each an [#isOrigin]
public record AppChange(
    @Nullable List<String> allowedOrigins,
    @Nullable Boolean undeclaredChannels,
    @Nullable Boolean publishKeysRead) {
  /// What an origin is, as the end of a sentence for people.
  public static final String ORIGIN_RULE =
      "is * for all, or as browsers write it: https://app.example.com, small letters, no path, and"
          + " a port only where it is not the usual one";

  private static final String HOST = "(?:\\[[0-9a-f:.]+]|[^\\s\\p{Lu}/?#@,\\[\\]:\\\\]+)";

  public AppChange {
    allowedOrigins = allowedOrigins == null ? null : List.copyOf(allowedOrigins);
  }

  /// Whether browsers may send this as the origin of a page, or it is the `*` for all of them. They
  /// are compared as text, so what a browser would write otherwise allows nobody.
  public static boolean isOrigin(String text) {
    boolean isUsualPort =
        text.startsWith("https:") ? text.endsWith(":443") : text.matches("http:.*:80");
    return text.equals("*")
        || (!isUsualPort && text.matches("[a-z][a-z0-9+.-]*://" + HOST + "(?::[0-9]{1,5})?"));
  }

  public App appliedTo(App app) {
    return new App(
        app.id(),
        app.name(),
        allowedOrigins == null ? app.allowedOrigins() : allowedOrigins,
        undeclaredChannels == null ? app.undeclaredChannels() : undeclaredChannels,
        publishKeysRead == null ? app.publishKeysRead() : publishKeysRead,
        app.signingSecrets(),
        app.createdAt());
  }
}
