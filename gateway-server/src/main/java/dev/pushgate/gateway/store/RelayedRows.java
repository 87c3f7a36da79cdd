package dev.pushgate.gateway.store;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.OpaqueId;
import dev.pushgate.core.publication.Publication;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;

/// The archive's rows of streams that a relay keeps, within one transaction and confined to it.
///
/// A channel's own `epoch` is never one of the relay's: it is what a node that later stands alone
/// begins with, for that one cannot know which offsets the relay gave. Each epoch of the relay that
/// is new here renews it.
final class RelayedRows {
  private static final SecureRandom RANDOM = new SecureRandom();

  private static final String LOCK =
      """
      SELECT number, app, slug FROM channels WHERE (app, slug) IN (VALUES %s)
      ORDER BY number""";

  private static final String EPOCHS =
      "SELECT channel, epoch, number FROM relay_epochs WHERE (channel, epoch) IN (VALUES %s)";

  private static final String BEGIN_EPOCH =
      """
      UPDATE channels SET epoch = :fresh, epoch_number = epoch_number + 2, head = 0
      WHERE number = :channel RETURNING epoch_number - 1""";

  private static final String IDS =
      """
      SELECT channel, epoch_number, stream_offset, id FROM messages
      WHERE (channel, epoch_number, stream_offset) IN (VALUES %s)""";

  private static final String INSERT =
      """
      INSERT INTO messages (channel, epoch_number, stream_offset, epoch, id,
        event_type, client_id, data, created_at)
      VALUES (:channel, :epochNumber, :offset, :epoch, :id,
        :eventType, :clientId, :data, :createdAt)""";

  private static final String COUNT =
      "UPDATE channels SET message_count = message_count + :count WHERE number = :channel";

  private final Handle handle;
  private final String forUpdate;

  /// An epoch of a channel's, in the archive's order of channels.
  record Epoch(long channel, String name) {}

  /// Where in the archive a message stands; in the archive's order.
  record Place(long channel, long epochNumber, long offset) implements Comparable<Place> {
    private static final Comparator<Place> ORDER =
        Comparator.comparingLong(Place::channel)
            .thenComparingLong(Place::epochNumber)
            .thenComparingLong(Place::offset);

    @Override
    public int compareTo(Place other) {
      return ORDER.compare(this, other);
    }
  }

  /// @param forUpdate as of [dev.pushgate.gateway.store.dialect.Dialect#forUpdate]
  RelayedRows(Handle handle, String forUpdate) {
    this.handle = handle;
    this.forUpdate = forUpdate;
  }

  /// Locks the rows of those channels that are declared until the transaction ends, and gives their
  /// numbers.
  Map<ChannelKey, Long> lock(Set<ChannelKey> keys) {
    Query query = handle.createQuery(LOCK.formatted(rows(keys, 2)) + forUpdate);
    int position = 0;
    for (ChannelKey key : keys) {
      query.bind(position++, key.app().value()).bind(position++, key.name().value());
    }
    Map<ChannelKey, Long> numbers = new HashMap<>();
    query.map((row, context) -> numbers.put(Rows.key(row), row.getLong("number"))).list();
    return numbers;
  }

  /// The numbers of these epochs; those that are new here get theirs. Their channels are locked.
  Map<Epoch, Long> epochNumbers(Set<Epoch> epochs) {
    Map<Epoch, Long> numbers = new HashMap<>();
    if (epochs.isEmpty()) {
      return numbers;
    }
    Query query = handle.createQuery(EPOCHS.formatted(rows(epochs, 2)));
    int position = 0;
    for (Epoch epoch : epochs) {
      query.bind(position++, epoch.channel()).bind(position++, epoch.name());
    }
    query
        .map(
            (row, context) ->
                numbers.put(
                    new Epoch(row.getLong("channel"), row.getString("epoch")),
                    row.getLong("number")))
        .list();
    epochs.forEach(epoch -> numbers.computeIfAbsent(epoch, this::begin));
    return numbers;
  }

  private long begin(Epoch epoch) {
    long number =
        handle
            .createQuery(BEGIN_EPOCH)
            .bind("fresh", OpaqueId.next(RANDOM))
            .bind("channel", epoch.channel())
            .mapTo(Long.class)
            .one();
    handle.execute(
        "INSERT INTO relay_epochs (channel, epoch, number) VALUES (?, ?, ?)",
        epoch.channel(),
        epoch.name(),
        number);
    return number;
  }

  /// The ids of the messages that stand at those of these places which are taken.
  Map<Place, String> idsAt(Set<Place> places) {
    Map<Place, String> ids = new HashMap<>();
    if (places.isEmpty()) {
      return ids;
    }
    Query query = handle.createQuery(IDS.formatted(rows(places, 3)));
    int position = 0;
    for (Place place : places) {
      query
          .bind(position++, place.channel())
          .bind(position++, place.epochNumber())
          .bind(position++, place.offset());
    }
    query
        .map(
            (row, context) ->
                ids.put(
                    new Place(
                        row.getLong("channel"),
                        row.getLong("epoch_number"),
                        row.getLong("stream_offset")),
                    row.getString("id")))
        .list();
    return ids;
  }

  /// Fills places that are free. Their channels are locked.
  void insert(Map<Place, Publication> messages) {
    if (messages.isEmpty()) {
      return;
    }
    PreparedBatch batch = handle.prepareBatch(INSERT);
    messages.forEach((place, message) -> bind(batch, place, message).add());
    batch.execute();
    PreparedBatch counts = handle.prepareBatch(COUNT);
    messages.keySet().stream()
        .collect(Collectors.groupingBy(Place::channel, TreeMap::new, Collectors.counting()))
        .forEach((channel, count) -> counts.bind("count", count).bind("channel", channel).add());
    counts.execute();
  }

  private static PreparedBatch bind(PreparedBatch batch, Place place, Publication message) {
    return batch
        .bind("channel", place.channel())
        .bind("epochNumber", place.epochNumber())
        .bind("offset", place.offset())
        .bind("epoch", message.position().epoch())
        .bind("id", message.id())
        .bind("eventType", message.eventType())
        .bind("clientId", message.clientId())
        .bind("data", message.data())
        .bind("createdAt", message.timestampMs());
  }

  /// `(?, ?), (?, ?)`: as many as there are values.
  private static String rows(Collection<?> values, int columns) {
    String row = "(" + String.join(", ", Collections.nCopies(columns, "?")) + ")";
    return String.join(", ", Collections.nCopies(values.size(), row));
  }
}
