package dev.pushgate.gateway.store;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/// Where the nodes of a cluster write when they last had their own message back from each shard of
/// the relay: so that one that is cut off alone can tell. Times go by the database's clock.
/// Thread-safe; stages complete as those of the store's ports do.
public final class CanaryBoard {
  /// After this a row only says that there once was such a node.
  private static final long FORGOTTEN_AFTER_MS = 600_000;

  private static final String NOTE =
      """
      INSERT INTO relay_canaries (node, relay, seen_at) VALUES (:node, :relay, %1$s - :age)
      ON CONFLICT (node, relay) DO UPDATE SET seen_at = excluded.seen_at""";

  private static final String FORGET = "DELETE FROM relay_canaries WHERE seen_at < %1$s - :age";

  private static final String READ =
      "SELECT node, relay, %1$s - seen_at AS age FROM relay_canaries ORDER BY node, relay";

  private final Lanes lanes;
  private final Readers readers;
  private final String note;
  private final String forget;
  private final String read;

  CanaryBoard(Database database, Lanes lanes, Readers readers) {
    this.lanes = lanes;
    this.readers = readers;
    String now = database.dialect().nowMs();
    this.note = NOTE.formatted(now);
    this.forget = FORGET.formatted(now);
    this.read = READ.formatted(now);
  }

  /// One row of the board. Immutable.
  ///
  /// @param relay what all nodes call a relay's shard
  /// @param ageMs how long ago the node saw its message, when this was read
  public record Sighting(String node, String relay, long ageMs) {
    private static final long FRESH_MS = 5_000;

    /// Whether the node sees its messages come back at present. One from before the database's
    /// clock was set back is not fresh.
    public boolean isFresh() {
      return ageMs >= 0 && ageMs < FRESH_MS;
    }
  }

  /// Writes a node's rows, and removes those of nodes that are long gone.
  ///
  /// @param agesMs what all nodes call a relay's shard → how long ago; none for a shard never seen
  public CompletionStage<Void> note(String node, Map<String, Long> agesMs) {
    return lanes.write(
        handle -> {
          handle.createUpdate(forget).bind("age", FORGOTTEN_AFTER_MS).execute();
          if (!agesMs.isEmpty()) {
            write(handle, node, agesMs);
          }
          return null;
        });
  }

  private void write(Handle handle, String node, Map<String, Long> agesMs) {
    PreparedBatch batch = handle.prepareBatch(note);
    agesMs.forEach(
        (relay, age) -> batch.bind("node", node).bind("relay", relay).bind("age", age).add());
    batch.execute();
  }

  /// All rows, of all nodes.
  public CompletionStage<List<Sighting>> read() {
    return readers.read(
        handle ->
            handle
                .createQuery(read)
                .map(
                    (row, context) ->
                        new Sighting(
                            row.getString("node"), row.getString("relay"), row.getLong("age")))
                .list());
  }
}
