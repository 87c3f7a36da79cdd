package dev.pushgate.gateway.page;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// A strong entity tag (RFC 9110, section 8.8.3): it names bytes. Immutable.
///
/// @param text with its quotes
record EntityTag(String text) {
  /// 96 bits: nobody can be led to take one file for another.
  private static final int HASH_BYTES = 12;

  /// @param coding of these bytes, when they are not the file itself: else a cache could put the
  ///     two together; empty when they are
  static EntityTag of(byte[] content, String coding) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
      String hex = HexFormat.of().formatHex(hash, 0, HASH_BYTES);
      return new EntityTag('"' + hex + (coding.isEmpty() ? "" : "-" + coding) + '"');
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /// Whether an `If-None-Match` names these bytes. Its comparison is the weak one (section 13.1.2):
  /// a proxy that compresses makes `W/"…"` of a tag.
  boolean isIn(@Nullable String ifNoneMatch) {
    if (ifNoneMatch == null) {
      return false;
    }
    if (ifNoneMatch.strip().equals("*")) {
      return true;
    }
    for (String member : ifNoneMatch.split(",", -1)) {
      String tag = member.strip();
      if (text.equals(tag.startsWith("W/") ? tag.substring(2) : tag)) {
        return true;
      }
    }
    return false;
  }
}
