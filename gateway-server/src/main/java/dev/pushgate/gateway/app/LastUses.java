package dev.pushgate.gateway.app;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/// Writes down when keys were last used. What could not be written waits for the next time.
/// Thread-safe.
final class LastUses {
  private final Supplier<Map<String, Instant>> drain;
  private final Function<Map<String, Instant>, CompletionStage<Void>> write;
  private Map<String, Instant> unwritten = Map.of();

  /// @param drain takes the uses since the last time, by the key's id
  LastUses(
      Supplier<Map<String, Instant>> drain,
      Function<Map<String, Instant>, CompletionStage<Void>> write) {
    this.drain = drain;
    this.write = write;
  }

  /// Blocks until the store has answered, and fails as it does.
  synchronized void write() {
    Map<String, Instant> uses = new HashMap<>(unwritten);
    uses.putAll(drain.get()); // which are the later ones
    unwritten = uses;
    StoreStage.await(write.apply(Map.copyOf(uses)));
    unwritten = Map.of();
  }
}
