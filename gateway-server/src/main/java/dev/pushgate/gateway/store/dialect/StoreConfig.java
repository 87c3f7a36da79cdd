package dev.pushgate.gateway.store.dialect;

import dev.pushgate.auth.Secret;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Which database, and how to use it. Immutable.
///
/// @param url `jdbc:sqlite:FILE` or `jdbc:postgresql://HOST[:PORT]/DATABASE[?PROPERTIES]`
/// @param user for PostgreSQL, or null when the URL names one
/// @param password for PostgreSQL, or null when none is needed
/// @param poolSize how many connections to hold at the most, beside the one that holds the
///     ownership; at least 2
/// @param timeout within what time every stage completes; at least 500 ms
/// @param claim the ownership of the database to take, which writing streams needs
/// @param queueBytes how many bytes of messages may wait to be written
public record StoreConfig(
    String url,
    @Nullable String user,
    @Nullable Secret password,
    int poolSize,
    Duration timeout,
    Claim claim,
    long queueBytes) {
  /// As much as any node needs, where memory is no matter.
  private static final long QUEUE_BYTES = 64L << 20;

  public StoreConfig(
      String url,
      @Nullable String user,
      @Nullable Secret password,
      int poolSize,
      Duration timeout,
      Claim claim) {
    this(url, user, password, poolSize, timeout, claim, QUEUE_BYTES);
  }

  /// The same, with less that may wait.
  public StoreConfig withQueueBytes(long atMost) {
    long bytes = Math.min(queueBytes, atMost);
    return new StoreConfig(url, user, password, poolSize, timeout, claim, bytes);
  }

  public StoreConfig {
    if (poolSize < 2) {
      throw new IllegalArgumentException("the store needs a pool of 2 connections or more");
    }
    if (timeout.compareTo(Duration.ofMillis(500)) < 0) {
      throw new IllegalArgumentException("the store needs a time limit of 500 ms or more");
    }
  }
}
