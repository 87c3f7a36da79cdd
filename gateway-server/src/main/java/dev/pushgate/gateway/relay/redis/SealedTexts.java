package dev.pushgate.gateway.relay.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// What nodes say of themselves and of what they count, under the cluster's [Seal]: a line that
/// says what it is and whose, and the text behind it. Whoever reads one names the line that it must
/// have, so that none passes for another. Thread-safe.
final class SealedTexts {
  /// The line of a message that tells changed counts.
  static final String COUNTS = "counts 1";

  private final Seal seal;
  private final Drops drops;

  SealedTexts(Seal seal, Drops drops) {
    this.seal = seal;
    this.drops = drops;
  }

  /// The line of what a node says of itself.
  static String ofNode(String node) {
    return "node 1 " + node;
  }

  /// The line of one count of a node.
  ///
  /// @param field the channel, or what stands for the number of the last call
  static String ofCount(String node, String field) {
    return "count 1 " + node + " " + field;
  }

  /// The line of a node's message to itself through one Redis.
  static String ofCanary(String node, String shard) {
    return "canary 1 " + node + " " + shard;
  }

  byte[] close(String line, String text) {
    byte[] bytes = (line + "\n" + text).getBytes(StandardCharsets.UTF_8);
    return seal.close(ByteBuffer.wrap(bytes));
  }

  /// The text, or null when no node of this cluster said it under that line; then it is counted as
  /// dropped.
  ///
  /// @param place where it was found
  @Nullable String open(String line, byte[] sealed, String place) {
    ByteBuffer bytes = seal.open(sealed, 0);
    if (bytes == null) {
      drops.dropped(RelayObserver.Drop.SECRET, place);
      return null;
    }
    String whole = StandardCharsets.UTF_8.decode(bytes).toString();
    if (!whole.startsWith(line + "\n")) {
      drops.dropped(RelayObserver.Drop.SHAPE, place);
      return null;
    }
    return whole.substring(line.length() + 1);
  }
}
