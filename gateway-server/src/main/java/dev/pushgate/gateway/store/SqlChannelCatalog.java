package dev.pushgate.gateway.store;

import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.store.ChannelCatalog;
import dev.pushgate.core.store.DeclaredChannel;
import dev.pushgate.core.store.PageTooLargeException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/// Declared channels and their archive in the database. Thread-safe.
final class SqlChannelCatalog implements ChannelCatalog {
  /// What a page takes, without reading the messages themselves: a database knows how long a column
  /// is.
  private static final String SIZE =
      "SELECT COALESCE(SUM(bytes + :perMessage), 0) FROM (SELECT LENGTH(data) AS bytes%s) AS page";

  /// Of a message's answer: names, id, times, and the JSON around them.
  private static final int BYTES_BESIDE_DATA = 512;

  private static final String COLUMNS =
      "id, app, slug, title, description, is_private, metadata, message_count,"
          + " created_at, updated_at";

  private static final String WITHOUT_TEXTS =
      """
      SELECT number, id, app, slug, is_private, created_at, updated_at FROM channels
      WHERE number > :after ORDER BY number LIMIT :limit\
      """;

  /// How many channels are read at a time when all are: some hundred kilobytes.
  private static final int AT_A_TIME = 1_000;

  private static final String OF_KEY =
      "SELECT " + COLUMNS + " FROM channels WHERE app = :app AND slug = :slug";

  private static final String UPDATE =
      """
      UPDATE channels SET title = :title, description = :description, is_private = :isPrivate,
        metadata = :metadata, updated_at = :updatedAt
      WHERE app = :app AND slug = :slug\
      """;

  private final Database database;
  private final Lanes lanes;
  private final Readers readers;
  private final SteadyClock clock;

  SqlChannelCatalog(Database database, Lanes lanes, Readers readers, SteadyClock clock) {
    this.database = database;
    this.lanes = lanes;
    this.readers = readers;
    this.clock = clock;
  }

  @Override
  public CompletionStage<Void> forEach(Consumer<DeclaredChannel> action) {
    return forEach(-1, action);
  }

  private CompletionStage<Void> forEach(long after, Consumer<DeclaredChannel> action) {
    return readers
        .read(handle -> withoutTexts(handle, after))
        .thenCompose(
            part -> {
              part.forEach(numbered -> action.accept(numbered.channel()));
              return part.size() < AT_A_TIME
                  ? CompletableFuture.completedStage(null)
                  : forEach(part.getLast().number(), action);
            });
  }

  private record Numbered(long number, DeclaredChannel channel) {}

  private static List<Numbered> withoutTexts(Handle handle, long after) {
    return handle
        .createQuery(WITHOUT_TEXTS)
        .bind("after", after)
        .bind("limit", AT_A_TIME)
        .map((row, context) -> new Numbered(row.getLong("number"), Rows.channelWithoutTexts(row)))
        .list();
  }

  @Override
  public CompletionStage<Optional<Listed>> find(ChannelKey key) {
    return readers.read(handle -> find(handle, OF_KEY, key));
  }

  private static Optional<Listed> find(Handle handle, String query, ChannelKey key) {
    return handle
        .createQuery(query)
        .bind("app", key.app().value())
        .bind("slug", key.name().value())
        .map((row, context) -> Rows.listed(row))
        .findOne();
  }

  @Override
  public CompletionStage<Page<Listed>> list(AppId app, boolean privateToo, PageRequest page) {
    String ofApp = " FROM channels WHERE app = :app" + (privateToo ? "" : " AND NOT is_private");
    return readers.readMoment(
        handle ->
            new Page<>(
                handle
                    .createQuery(
                        "SELECT "
                            + COLUMNS
                            + ofApp
                            + " ORDER BY created_at DESC, number DESC LIMIT :limit OFFSET :skip")
                    .bind("app", app.value())
                    .bind("limit", page.pageSize())
                    .bind("skip", skip(page))
                    .map((row, context) -> Rows.listed(row))
                    .list(),
                handle
                    .createQuery("SELECT COUNT(*)" + ofApp)
                    .bind("app", app.value())
                    .mapTo(Long.class)
                    .one()));
  }

  @Override
  public CompletionStage<Map<ChannelKey, Duration>> privateNames(Duration kept) {
    return readers.read(
        handle ->
            handle
                .createQuery("SELECT app, slug, deleted_at FROM private_names WHERE deleted_at > ?")
                .bind(0, clock.millis() - kept.toMillis())
                .reduceRows(
                    new HashMap<>(),
                    (names, row) -> {
                      names.put(
                          new ChannelKey(
                              new AppId(row.getColumn("app", String.class)),
                              new ChannelName(row.getColumn("slug", String.class))),
                          age(row.getColumn("deleted_at", Long.class)));
                      return names;
                    }));
  }

  @Override
  public CompletionStage<Optional<Duration>> privateName(ChannelKey key) {
    return readers.read(
        handle ->
            handle
                .createQuery("SELECT deleted_at FROM private_names WHERE app = ? AND slug = ?")
                .bind(0, key.app().value())
                .bind(1, key.name().value())
                .mapTo(Long.class)
                .findOne()
                .map(this::age));
  }

  /// None, when it was by another node's clock, which is ahead.
  private Duration age(long deletedAtMs) {
    return Duration.ofMillis(Math.max(0, clock.millis() - deletedAtMs));
  }

  @Override
  public CompletionStage<Void> forgetPrivateNames(Duration kept) {
    return lanes.write(
        handle -> {
          long untilMs = clock.millis() - kept.toMillis();
          handle.execute("DELETE FROM private_names WHERE deleted_at <= ?", untilMs);
          return null;
        });
  }

  @Override
  public CompletionStage<Optional<Listed>> update(
      ChannelKey key, UnaryOperator<DeclaredChannel> change) {
    return lanes.write(
        key,
        handle ->
            find(handle, OF_KEY + database.dialect().forUpdate(), key)
                .map(
                    found ->
                        new Listed(
                            store(handle, key, change.apply(found.channel())),
                            found.messageCount())));
  }

  private static DeclaredChannel store(Handle handle, ChannelKey key, DeclaredChannel channel) {
    handle
        .createUpdate(UPDATE)
        .bind("app", key.app().value())
        .bind("slug", key.name().value())
        .bind("title", channel.title())
        .bind("description", channel.description())
        .bind("isPrivate", channel.isPrivate())
        .bind("metadata", channel.metadataJson())
        .bind("updatedAt", channel.updatedAtMs())
        .execute();
    return channel;
  }

  @Override
  public CompletionStage<Optional<Page<Publication>>> history(
      ChannelKey key, HistoryFilter filter, PageRequest page, LongPredicate room) {
    CompletionStage<Optional<Found>> found =
        readers.readMoment(
            handle ->
                handle
                    .createQuery("SELECT number FROM channels WHERE app = :app AND slug = :slug")
                    .bind("app", key.app().value())
                    .bind("slug", key.name().value())
                    .mapTo(Long.class)
                    .findOne()
                    .map(channel -> messages(handle, key, channel, filter, page, room)));
    // Not before: what is thrown while the database is asked counts as its failure.
    return found.thenApply(read -> read.map(Found::pageOrThrow));
  }

  /// A page by the stream's order, not by the clock's, which may have been set back.
  private static Found messages(
      Handle handle,
      ChannelKey key,
      long channel,
      HistoryFilter filter,
      PageRequest page,
      LongPredicate room) {
    String from = " FROM messages WHERE channel = :channel" + conditions(filter);
    String rows =
        from + " ORDER BY epoch_number DESC, stream_offset DESC LIMIT :limit OFFSET :skip";
    long bytes =
        bind(handle.createQuery(SIZE.formatted(rows)), channel, filter, page)
            .bind("perMessage", BYTES_BESIDE_DATA)
            .mapTo(Long.class)
            .one();
    if (!room.test(bytes)) {
      return new Found(null, bytes);
    }
    List<Publication> items =
        bind(
                handle.createQuery(
                    "SELECT epoch, stream_offset, id, event_type, client_id, data, created_at"
                        + rows),
                channel,
                filter,
                page)
            .map((row, context) -> Rows.publication(key, row))
            .list();
    long total =
        bind(handle.createQuery("SELECT COUNT(*)" + from), channel, filter).mapTo(Long.class).one();
    return new Found(new Page<>(items, total), bytes);
  }

  /// @param page null when there was no room for its `bytes`
  private record Found(@Nullable Page<Publication> page, long bytes) {
    Page<Publication> pageOrThrow() {
      if (page == null) {
        throw new PageTooLargeException(bytes);
      }
      return page;
    }
  }

  private static Query bind(Query query, long channel, HistoryFilter filter, PageRequest page) {
    return bind(query, channel, filter).bind("limit", page.pageSize()).bind("skip", skip(page));
  }

  private static String conditions(HistoryFilter filter) {
    return (filter.eventType() == null ? "" : " AND event_type = :eventType")
        + (filter.afterMs() == null ? "" : " AND created_at > :after")
        + (filter.beforeMs() == null ? "" : " AND created_at < :before");
  }

  private static Query bind(Query query, long channel, HistoryFilter filter) {
    query.bind("channel", channel);
    if (filter.eventType() != null) {
      query.bind("eventType", filter.eventType());
    }
    if (filter.afterMs() != null) {
      query.bind("after", filter.afterMs());
    }
    if (filter.beforeMs() != null) {
      query.bind("before", filter.beforeMs());
    }
    return query;
  }

  private static long skip(PageRequest page) {
    return (page.page() - 1L) * page.pageSize();
  }
}
