package dev.pushgate.gateway.store;

import dev.pushgate.core.name.ChannelKey;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/// What a lane commits in one transaction. Confined to its lane.
sealed interface WriteBatch permits AppendBatch, AddBatch {
  /// The channels it writes to.
  Set<ChannelKey> channels();

  /// How many jobs it is.
  int jobs();

  /// The same in halves, to be committed in this order, for when one job spoils the transaction of
  /// all: some channels and the others; of one channel the first jobs and the last.
  List<? extends WriteBatch> divided();

  /// Writes within the caller's transaction; what was written is durable when that commits. May be
  /// called again when that transaction was rolled back.
  void write(Handle handle);

  /// To be called when the transaction has been committed.
  void committed();

  /// To be called when it was not, or nobody knows.
  void failed(RuntimeException why);
}
