package dev.pushgate.gateway.config;

/// How long a WebSocket message from a client may be: what a publish of the longest data needs,
/// when nothing else is set. Stateless.
public final class ClientFrameLimit {
  /// What a publish has beside its data, at the most: names, ids, and the JSON around them.
  static final ByteSize ENVELOPE = new ByteSize(4 << 10);

  private static final long SMALLEST = 64 << 10;

  private ClientFrameLimit() {}

  public static ByteSize of(Limits limits) {
    long data = Math.max(SMALLEST, limits.messageData().bytes());
    return limits.clientFrame().orElseGet(() -> new ByteSize(ENVELOPE.bytes() + data));
  }
}
