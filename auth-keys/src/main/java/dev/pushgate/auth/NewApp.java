package dev.pushgate.auth;

import dev.pushgate.core.name.AppId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;

/// An app as it is made: open to all origins and channels, with one key of each kind. Immutable.
///
/// @param publishKey its text, to be shown to its owner once; so are the others
public record NewApp(App app, Secret publishKey, Secret secretKey, Secret managementKey) {

  /// An app with random keys.
  public static NewApp generate(AppId id, String name, Instant now) {
    return of(
        id,
        name,
        KeyText.generate(KeyKind.PUBLISH),
        KeyText.generate(KeyKind.SECRET),
        KeyText.generate(KeyKind.MANAGEMENT),
        now);
  }

  /// An app with these keys, each well-formed and of its kind.
  public static NewApp of(
      AppId id,
      String name,
      Secret publishKey,
      Secret secretKey,
      Secret managementKey,
      Instant now) {
    Instant createdAt = now.truncatedTo(ChronoUnit.MILLIS);
    App app =
        new App(
            id,
            name,
            List.of("*"),
            true,
            false,
            List.of(App.SigningSecret.generate(createdAt)),
            createdAt);
    return new NewApp(app, publishKey, secretKey, managementKey);
  }

  /// The keys as they are to be stored.
  public List<ApiKey> keys(String label) {
    return Stream.of(publishKey, secretKey, managementKey)
        .map(text -> KeyText.describe(app.id(), text, label, app.createdAt(), null))
        .toList();
  }
}
