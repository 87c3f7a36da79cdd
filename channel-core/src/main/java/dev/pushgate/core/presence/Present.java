package dev.pushgate.core.presence;

import org.jspecify.annotations.Nullable;

/// One who is present. Immutable.
///
/// @param info what it says of itself: one JSON value of at most [#MAX_INFO_BYTES] bytes of UTF-8,
///     or null
public record Present(MemberId id, @Nullable String info) {
  public static final int MAX_INFO_BYTES = 2 << 10;
}
