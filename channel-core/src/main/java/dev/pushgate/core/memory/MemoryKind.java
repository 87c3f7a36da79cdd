package dev.pushgate.core.memory;

/// What a node holds memory for. Immutable.
public enum MemoryKind {
  /// What waits to be sent to WebSocket clients: direct memory.
  OUTBOUND("outbound"),
  /// The writes in which it waits, and the objects of its buffers: on the heap.
  WRITES("writes"),
  /// Messages from WebSocket clients that are unfinished, or wait to be carried out.
  INBOUND("inbound"),
  /// Heads of HTTP requests, from their first byte until their request is answered.
  HEADS("heads"),
  /// Bodies of HTTP requests that are being read or worked on.
  BODIES("bodies"),
  /// Answers to HTTP requests, from their making until they are sent.
  ANSWERS("answers"),
  /// The recent logs of all channels, for resume.
  RECENT_LOGS("recent-logs"),
  /// Remembered answers to publishes with an idempotency key.
  IDEMPOTENCY("idempotency"),
  /// Channels in use and their subscribers, and what is kept of declared channels.
  CHANNELS("channels"),
  /// Who is present in which channel.
  PRESENCE("presence"),
  /// Publishes that wait for an event loop, the store or the relay.
  WAITING("waiting"),
  /// Open connections.
  CONNECTIONS("connections");

  private final String label;

  MemoryKind(String label) {
    this.label = label;
  }

  /// As settings and meters have it.
  public String label() {
    return label;
  }
}
