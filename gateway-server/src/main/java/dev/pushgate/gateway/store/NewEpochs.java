package dev.pushgate.gateway.store;

import dev.pushgate.core.name.OpaqueId;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jdbi.v3.core.Handle;

/// Begins a new epoch in every channel of a database that was put back from a copy. The copy does
/// not know which offsets were given after it was made; in a new epoch they can be given again,
/// and a client that saw the old ones is told to reload. Thread-safe.
final class NewEpochs {
  private static final int BATCH = 1_000;

  /// The messages stay where they are: their rows name their own epoch, and `epoch_number` keeps
  /// them older than all that follows.
  private static final String BEGIN =
      """
      UPDATE channels SET epoch = :epoch, epoch_number = epoch_number + 1, head = 0
      WHERE number IN (
        SELECT number FROM channels WHERE number > :after ORDER BY number LIMIT :batch)
      RETURNING number""";

  private final Database database;
  private final Lanes lanes;

  NewEpochs(Database database, Lanes lanes) {
    this.database = database;
    this.lanes = lanes;
  }

  /// Gives the number of channels. When it fails halfway it can be done again: one new epoch more
  /// does no harm.
  CompletionStage<Integer> begin() {
    String epoch = OpaqueId.next(new SecureRandom());
    return beginAfter(0, 0, epoch);
  }

  private CompletionStage<Integer> beginAfter(long number, int soFar, String epoch) {
    return lanes
        .write(handle -> batch(handle, number, epoch))
        .thenCompose(
            begun ->
                begun.isEmpty()
                    ? CompletableFuture.completedStage(soFar)
                    : beginAfter(
                        begun.stream().mapToLong(Long::longValue).max().orElseThrow(),
                        soFar + begun.size(),
                        epoch));
  }

  private List<Long> batch(Handle handle, long after, String epoch) {
    database.ownership().confirm(handle);
    return handle
        .createQuery(BEGIN)
        .bind("epoch", epoch)
        .bind("after", after)
        .bind("batch", BATCH)
        .mapTo(Long.class)
        .list();
  }
}
