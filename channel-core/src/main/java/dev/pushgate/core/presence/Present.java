package dev.pushgate.core.presence;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// One who is present. Immutable.
///
/// @param info what it says of itself: one JSON value of at most [#MAX_INFO_BYTES] bytes of UTF-8,
///     or null
public record Present(MemberId id, @Nullable String info) {
  public static final int MAX_INFO_BYTES = 2 << 10;

  /// What a member takes in a frame beside its id and info: names, quotes and commas.
  private static final int FRAME_OVERHEAD_BYTES = 32;

  /// `\u0000`
  private static final int ESCAPED_CHARACTER_BYTES = 6;

  /// An upper bound of what this member adds to a frame, in bytes.
  public int weight() {
    int infoBytes = info == null ? 0 : info.getBytes(StandardCharsets.UTF_8).length;
    return FRAME_OVERHEAD_BYTES + idBytes() + infoBytes;
  }

  /// What the id is in a JSON string at the most.
  private int idBytes() {
    String text = id.value();
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || Character.isSurrogate(c)) {
        bytes += ESCAPED_CHARACTER_BYTES;
      } else if (c < 0x80) {
        bytes += c == '"' || c == '\\' ? 2 : 1;
      } else {
        bytes += c < 0x800 ? 2 : 3;
      }
    }
    return bytes;
  }
}
