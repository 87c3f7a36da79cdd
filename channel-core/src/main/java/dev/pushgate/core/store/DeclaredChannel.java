package dev.pushgate.core.store;

import dev.pushgate.core.name.ChannelKey;
import org.jspecify.annotations.Nullable;

/// A channel that somebody made by name: it has settings, an archive, and a position that survives
/// restarts. Immutable.
///
/// @param id opaque and unique
/// @param title its name for people (`name` on the wire)
/// @param metadataJson one JSON value as it was given, or null
/// @param createdAtMs in milliseconds since 1970
/// @param updatedAtMs when its settings were last changed, in milliseconds since 1970; later than
///     at the change before, also when the clock was set back, so that it tells which settings are
///     newer
public record DeclaredChannel(
    String id,
    ChannelKey key,
    String title,
    @Nullable String description,
    boolean isPrivate,
    @Nullable String metadataJson,
    long createdAtMs,
    long updatedAtMs) {

  /// The same without what only people read: as memory holds it, for title, description and
  /// metadata may be many kilobytes.
  public DeclaredChannel withoutTexts() {
    return new DeclaredChannel(id, key, "", null, isPrivate, null, createdAtMs, updatedAtMs);
  }

  /// The same, with a time of change later than that of `earlier`.
  public DeclaredChannel after(DeclaredChannel earlier) {
    return new DeclaredChannel(
        id,
        key,
        title,
        description,
        isPrivate,
        metadataJson,
        createdAtMs,
        Math.max(updatedAtMs, earlier.updatedAtMs() + 1));
  }
}
