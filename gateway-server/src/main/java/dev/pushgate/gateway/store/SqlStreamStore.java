package dev.pushgate.gateway.store;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.store.DeclaredChannel;
import dev.pushgate.core.store.OpenedStream;
import dev.pushgate.core.store.RememberedAnswer;
import dev.pushgate.core.store.StoreUnavailableException;
import dev.pushgate.core.store.StreamStore;
import dev.pushgate.gateway.store.dialect.TimeLimits;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.ResultIterator;
import org.jspecify.annotations.Nullable;

/// The streams of declared channels in the database. Everything here goes through the channel's
/// lane, so it takes effect in the order of the calls. Thread-safe.
final class SqlStreamStore implements StreamStore {
  /// How many rows the driver fetches ahead: a message may be 64 KiB.
  private static final int FETCH_ROWS = 64;

  private static final String DECLARE =
      """
      INSERT INTO channels (id, app, slug, title, description, is_private, metadata,
        epoch, epoch_number, head, message_count, created_at, updated_at)
      VALUES (:id, :app, :slug, :title, :description, :isPrivate, :metadata,
        :epoch, 1, :head, 0, :createdAt, :updatedAt)
      ON CONFLICT (app, slug) DO NOTHING""";

  private static final String BEGIN_EPOCH =
      """
      UPDATE channels SET epoch = :next, epoch_number = epoch_number + 1, head = 0
      WHERE app = :app AND slug = :slug AND epoch = :epoch AND head = :head""";

  private final Database database;
  private final Lanes lanes;
  private final SteadyClock clock;
  private final TimeLimits limits;

  /// Channels whose rows somebody else had locked when they were asked for last. Their homes ask
  /// again until they get them, and are not to hold up their lanes each time.
  private final Set<ChannelKey> contested = ConcurrentHashMap.newKeySet();

  SqlStreamStore(Database database, Lanes lanes, SteadyClock clock, TimeLimits limits) {
    this.database = database;
    this.lanes = lanes;
    this.clock = clock;
    this.limits = limits;
  }

  /// A channel's row: its number, the number of its epoch, its head and settings.
  private record Stream(
      long number, long epochNumber, StreamPosition head, DeclaredChannel channel) {}

  @Override
  public CompletionStage<Optional<OpenedStream>> open(
      ChannelKey key, int maxMessages, long maxBytes) {
    return lanes.write(
        key,
        handle -> {
          boolean isContested = !contested.add(key);
          database
              .dialect()
              .limitLockWait(handle, isContested ? limits.lookLockMs() : limits.probeLockMs());
          Optional<Stream> found = lockStream(handle, key);
          contested.remove(key);
          long nowMs = clock.millis();
          return found.map(
              stream ->
                  new OpenedStream(
                      stream.channel(),
                      stream.head(),
                      newest(handle, key, stream, maxMessages, maxBytes),
                      answers(handle, key, stream, nowMs),
                      nowMs));
        });
  }

  /// Reads a channel's row when nobody else is writing it. A commit of ours whose connection broke
  /// before its answer may still be on its way in the server: it holds this row's lock until it is
  /// over.
  private Optional<Stream> lockStream(Handle handle, ChannelKey key) {
    return handle
        .createQuery(
            "SELECT number, epoch_number, epoch, head,"
                + " id, app, slug, title, description, is_private, metadata, created_at, updated_at"
                + " FROM channels WHERE app = :app AND slug = :slug"
                + database.dialect().forUpdate())
        .bind("app", key.app().value())
        .bind("slug", key.name().value())
        .map(
            (row, context) ->
                new Stream(
                    row.getLong("number"),
                    row.getLong("epoch_number"),
                    new StreamPosition(row.getString("epoch"), row.getLong("head")),
                    Rows.channel(row)))
        .findOne();
  }

  /// Goes back from the head until a limit or a hole, and gives what it passed, oldest first.
  private static List<Publication> newest(
      Handle handle, ChannelKey key, Stream stream, int maxMessages, long maxBytes) {
    List<Publication> found = new ArrayList<>();
    long bytes = 0;
    long expected = stream.head().offset();
    try (ResultIterator<Publication> rows = backwards(handle, key, stream, maxMessages)) {
      while (rows.hasNext()) {
        Publication next = rows.next();
        bytes += next.weight();
        if (next.offset() != expected || bytes > maxBytes) {
          break;
        }
        found.add(next);
        expected--;
      }
    }
    Collections.reverse(found);
    return found;
  }

  private static ResultIterator<Publication> backwards(
      Handle handle, ChannelKey key, Stream stream, int maxMessages) {
    return handle
        .createQuery(
            """
            SELECT epoch, stream_offset, id, event_type, client_id, data, created_at FROM messages
            WHERE channel = :channel AND epoch_number = :epoch AND stream_offset > :after
            ORDER BY stream_offset DESC""")
        .bind("channel", stream.number())
        .bind("epoch", stream.epochNumber())
        .bind("after", stream.head().offset() - maxMessages)
        .setFetchSize(FETCH_ROWS)
        .map((row, context) -> Rows.publication(key, row))
        .iterator();
  }

  private static List<RememberedAnswer> answers(
      Handle handle, ChannelKey key, Stream stream, long nowMs) {
    return handle
        .createQuery(
            """
            SELECT idempotency_key, digest, epoch, stream_offset, message_id, event_type, client_id,
              delivered, created_at, expires_at
            FROM idempotency_keys WHERE channel = :channel AND expires_at > :now
            ORDER BY expires_at, stream_offset""")
        .bind("channel", stream.number())
        .bind("now", nowMs)
        .map((row, context) -> Rows.answer(key, row))
        .list();
  }

  @Override
  public CompletionStage<Void> append(Publication publication, @Nullable RememberedAnswer answer) {
    CompletionStage<Void> appended = lanes.append(publication, answer);
    return appended.whenComplete(
        (_, failure) -> {
          if (failure != null
              && StoreUnavailableException.surelyDidNothing(failure)
              && !StoreUnavailableException.wasNotBegun(failure)) {
            contested.add(publication.key());
          }
        });
  }

  @Override
  public CompletionStage<Boolean> declare(DeclaredChannel channel, StreamPosition start) {
    return lanes.write(
        channel.key(),
        handle -> {
          database.ownership().confirm(handle);
          boolean created = insert(handle, channel, start);
          if (created) {
            letNameGo(handle, channel.key());
          }
          return created;
        });
  }

  private static boolean insert(Handle handle, DeclaredChannel channel, StreamPosition start) {
    return handle
            .createUpdate(DECLARE)
            .bind("id", channel.id())
            .bind("app", channel.key().app().value())
            .bind("slug", channel.key().name().value())
            .bind("title", channel.title())
            .bind("description", channel.description())
            .bind("isPrivate", channel.isPrivate())
            .bind("metadata", channel.metadataJson())
            .bind("epoch", start.epoch())
            .bind("head", start.offset())
            .bind("createdAt", channel.createdAtMs())
            .bind("updatedAt", channel.updatedAtMs())
            .execute()
        == 1;
  }

  @Override
  public CompletionStage<Boolean> beginEpoch(ChannelKey key, StreamPosition found, String epoch) {
    return lanes.write(
        key,
        handle -> {
          database.ownership().confirm(handle);
          return handle
                  .createUpdate(BEGIN_EPOCH)
                  .bind("app", key.app().value())
                  .bind("slug", key.name().value())
                  .bind("epoch", found.epoch())
                  .bind("head", found.offset())
                  .bind("next", epoch)
                  .execute()
              == 1;
        });
  }

  @Override
  public CompletionStage<Boolean> delete(ChannelKey key) {
    return lanes.write(
        key,
        handle -> {
          database.ownership().confirm(handle);
          Optional<Stream> stream = lockStream(handle, key);
          stream.ifPresent(found -> delete(handle, found));
          return stream.isPresent();
        });
  }

  /// Somebody has said what the name is from here on.
  private static void letNameGo(Handle handle, ChannelKey key) {
    handle.execute(
        "DELETE FROM private_names WHERE app = ? AND slug = ?",
        key.app().value(),
        key.name().value());
  }

  /// Only the channel itself: its messages may be too many for one transaction. No channel is given
  /// its number again, so nobody sees them any more, and [Retention] removes them bit by bit.
  private void delete(Handle handle, Stream stream) {
    long channel = stream.number();
    ChannelKey key = stream.channel().key();
    if (stream.channel().isPrivate()) {
      handle.execute(
          "INSERT INTO private_names (app, slug, deleted_at) VALUES (?, ?, ?)"
              + " ON CONFLICT (app, slug) DO UPDATE SET deleted_at = excluded.deleted_at",
          key.app().value(),
          key.name().value(),
          clock.millis());
    }
    handle.execute("INSERT INTO deleted_channels (number) VALUES (?)", channel);
    handle.execute("DELETE FROM relay_epochs WHERE channel = ?", channel);
    handle.execute("DELETE FROM channels WHERE number = ?", channel);
  }
}
