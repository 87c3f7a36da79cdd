package dev.pushgate.gateway.store;

import dev.pushgate.gateway.store.dialect.Dialect;
import dev.pushgate.gateway.store.dialect.TimeLimits;
import java.util.concurrent.ThreadLocalRandom;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// Does to the database what a message does, over a connection of its own: the same tables, the
/// same rights, as much room, and a commit. Of a channel that there never is. Thread-safe.
final class StoreProbe {
  /// More than the largest message of most settings: a disk that is full but for a little is full.
  private static final int AMPLE_BYTES = 256 << 10;

  /// Channels are numbered from 1 on.
  private static final int NO_CHANNEL = 0;

  private static final String TOUCH_HEAD =
      "UPDATE channels SET head = head, message_count = message_count WHERE number = :channel";

  /// Inserts nothing, but needs the right to and the table. A message without an idempotency key
  /// needs neither; but where one with a key fails its channel is read again, and this table too.
  private static final String TOUCH_ANSWERS =
      """
      INSERT INTO idempotency_keys (channel, idempotency_key, digest, epoch, stream_offset,
        message_id, event_type, client_id, delivered, created_at, expires_at)
      SELECT number, '', '', '', 0, '', '', '', 0, 0, 0 FROM channels WHERE number = :channel\
      """;

  private static final String INSERT =
      """
      INSERT INTO messages (channel, epoch_number, stream_offset, epoch, id,
        event_type, client_id, data, created_at)
      VALUES (:channel, 0, :offset, '', '', '', '', :data, 0)
      ON CONFLICT (channel, epoch_number, stream_offset) DO UPDATE SET data = excluded.data\
      """;

  private static final String DELETE = "DELETE FROM messages WHERE channel = ?";

  private final Dialect dialect;
  private final TimeLimits limits;
  private final Jdbi connections;

  /// Several nodes may probe at a time.
  private final long offset = ThreadLocalRandom.current().nextLong(1L << 62);

  StoreProbe(Dialect dialect, TimeLimits limits) {
    this.dialect = dialect;
    this.limits = limits;
    this.connections = Jdbi.create(dialect.probing());
  }

  /// @param ample whether to write as much as the largest message, rather than a little
  /// @throws RuntimeException when it cannot be done
  void run(boolean ample) {
    // Not to be compressed.
    byte[] data = new byte[ample ? AMPLE_BYTES : 1];
    ThreadLocalRandom.current().nextBytes(data);
    try (Handle handle = connections.open()) {
      handle.useTransaction(inside -> write(inside, data));
      handle.useTransaction(inside -> remove(inside));
    }
  }

  private void write(Handle handle, byte[] data) {
    dialect.limitLockWait(handle, limits.probeLockMs());
    handle.createQuery("SELECT generation FROM node_owner").mapTo(Long.class).one();
    handle.createUpdate(TOUCH_HEAD).bind("channel", NO_CHANNEL).execute();
    handle.createUpdate(TOUCH_ANSWERS).bind("channel", NO_CHANNEL).execute();
    handle
        .createUpdate(INSERT)
        .bind("channel", NO_CHANNEL)
        .bind("offset", offset)
        .bind("data", data)
        .execute();
  }

  /// Whatever a probe has left behind, of whoever made it.
  private void remove(Handle handle) {
    dialect.limitLockWait(handle, limits.probeLockMs());
    handle.execute(DELETE, NO_CHANNEL);
  }
}
