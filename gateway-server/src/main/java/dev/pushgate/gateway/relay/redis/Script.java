package dev.pushgate.gateway.relay.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/// The scripts that run inside Redis, each a resource `redis/<name>.lua` that says what its keys
/// and arguments are. A connection loads all of them before it takes its first command. Immutable.
public enum Script {
  RIGHTS,
  PROBE,
  PUBLISH,
  READ,
  RENEW,
  DECLARED,
  UNDECLARED,
  UNARCHIVED,
  HEADS,
  ROSTER_ENTER,
  ROSTER_LEAVE,
  ROSTER_READ,
  ROSTER_REAP,
  ROSTER_HELD,
  HEARTBEAT,
  GOODBYE,
  NOTICE,
  COUNTS,
  COUNTS_READ;

  private final byte[] text;
  private final String sha1;

  Script() {
    this.text = read("/redis/" + name().toLowerCase(Locale.ROOT).replace('_', '-') + ".lua");
    this.sha1 = sha1(text);
  }

  byte[] text() {
    return text;
  }

  String sha1() {
    return sha1;
  }

  private static byte[] read(String resource) {
    try (InputStream in = Script.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("no script " + resource);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha1(byte[] text) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-1", e);
    }
  }
}
