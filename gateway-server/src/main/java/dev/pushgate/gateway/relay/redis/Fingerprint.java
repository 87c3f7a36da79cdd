package dev.pushgate.gateway.relay.redis;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/// What all nodes of a cluster must have alike, as a short text: which channel is on which Redis.
/// With one Redis that is no question, however each node calls it. Stateless.
final class Fingerprint {
  private static final int LENGTH = 16;

  private Fingerprint() {}

  static String of(List<RelayUrl> urls) {
    return urls.size() == 1
        ? "one"
        : hash(urls.stream().map(RelayUrl::identity).sorted().collect(Collectors.joining("\n")));
  }

  private static String hash(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has it", e);
    }
  }
}
