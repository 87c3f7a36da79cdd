package dev.pushgate.core.publication;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.name.ChannelKey;
import org.jspecify.annotations.Nullable;

/// A message on its way into a channel; it has been authorized and validated. Immutable.
public final class PublishRequest {
  /// The longest event type and the longest client id, in characters. Neither may hold a NUL or a
  /// lone surrogate (no database stores them).
  public static final int MAX_NAME_LENGTH = 128;

  /// What a request costs beside its data and names: the objects around them.
  private static final int OVERHEAD_BYTES = 512;

  private final ChannelKey key;
  private final String eventType;
  private final String clientId;
  private final byte[] data;
  private final @Nullable IdempotencyKey idempotencyKey;
  private final MemoryHolder holder;

  /// A publish on nobody's account.
  public PublishRequest(
      ChannelKey key,
      String eventType,
      String clientId,
      byte[] data,
      @Nullable IdempotencyKey idempotencyKey) {
    this(key, eventType, clientId, data, idempotencyKey, MemoryHolder.NODE);
  }

  /// @param data one JSON value in UTF-8 without surrounding blanks; the caller gives the array
  ///     away
  /// @param holder on whose account it is kept what is remembered of it
  public PublishRequest(
      ChannelKey key,
      String eventType,
      String clientId,
      byte[] data,
      @Nullable IdempotencyKey idempotencyKey,
      MemoryHolder holder) {
    this.key = key;
    this.eventType = eventType;
    this.clientId = clientId;
    this.data = data;
    this.idempotencyKey = idempotencyKey;
    this.holder = holder;
  }

  public ChannelKey key() {
    return key;
  }

  public String eventType() {
    return eventType;
  }

  public String clientId() {
    return clientId;
  }

  /// One JSON value in UTF-8. Not a copy: to be read only.
  public byte[] data() {
    return data;
  }

  /// About how many bytes of memory it takes while it waits.
  public int weight() {
    return data.length
        + OVERHEAD_BYTES
        + Character.BYTES * (eventType.length() + clientId.length());
  }

  public MemoryHolder holder() {
    return holder;
  }

  public @Nullable IdempotencyKey idempotencyKey() {
    return idempotencyKey;
  }
}
