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
public record StoreConfig(
    String url,
    @Nullable String user,
    @Nullable Secret password,
    int poolSize,
    Duration timeout,
    Claim claim) {

  public StoreConfig {
    if (poolSize < 2) {
      throw new IllegalArgumentException("the store needs a pool of 2 connections or more");
    }
    if (timeout.compareTo(Duration.ofMillis(500)) < 0) {
      throw new IllegalArgumentException("the store needs a time limit of 500 ms or more");
    }
  }
}
