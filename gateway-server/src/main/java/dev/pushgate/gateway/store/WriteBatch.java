package dev.pushgate.gateway.store;

import dev.pushgate.core.store.StoreUnavailableException;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// What a lane commits in one transaction. Confined to its lane.
sealed interface WriteBatch permits AppendBatch, AddBatch {
  /// Whether it is more than one job.
  boolean isDivisible();

  /// The same in smaller batches, to be committed in this order: for when one job spoils the
  /// transaction of all.
  List<? extends WriteBatch> divided();

  /// Writes within the caller's transaction; what was written is durable when that commits. May be
  /// called again when that transaction was rolled back.
  void write(Handle handle);

  /// To be called when the transaction has been committed.
  void committed();

  /// To be called when it was not, or nobody knows.
  void failed(StoreUnavailableException why);
}
