package dev.pushgate.gateway.store;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.store.StoreUnavailableException;
import dev.pushgate.gateway.store.dialect.SqlFailures;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes what the archive keeps no longer, and what deleted channels have left behind, a little
/// at a time: every batch is a transaction of its own that waits its turn in a lane, so appends go
/// on between two of them. Thread-safe.
final class Retention {
  private static final Logger log = LoggerFactory.getLogger(Retention.class);

  /// How many channels one query looks at.
  private static final int PAGE = 1_000;

  private static final String PAGE_OF_CHANNELS =
      """
      SELECT number, app, slug,
        message_count > :maxMessages
        OR (SELECT created_at FROM messages WHERE channel = number
          ORDER BY epoch_number, stream_offset LIMIT 1) < :cutoff
        OR EXISTS (SELECT 1 FROM idempotency_keys WHERE channel = number AND expires_at <= :now)
        AS is_due
      FROM channels WHERE number > :after ORDER BY number LIMIT :page""";

  private static final String PAGE_OF_DELETED =
      "SELECT number FROM deleted_channels WHERE number > :after ORDER BY number LIMIT :page";

  private static final String OLDEST =
      """
      SELECT epoch_number, stream_offset, created_at FROM messages WHERE channel = :channel
      ORDER BY epoch_number, stream_offset LIMIT :batch""";

  private static final String DELETE_UNTIL =
      """
      DELETE FROM messages WHERE channel = :channel
        AND (epoch_number < :epoch OR (epoch_number = :epoch AND stream_offset <= :offset))""";

  private static final String DELETE_ANSWERS =
      """
      DELETE FROM idempotency_keys WHERE channel = :channel AND idempotency_key IN (
        SELECT idempotency_key FROM idempotency_keys
        WHERE channel = :channel AND expires_at <= :now ORDER BY expires_at LIMIT :batch)""";

  private final Database database;
  private final Lanes lanes;
  private final Readers readers;
  private final SteadyClock clock;
  private final LongAdder failures = new LongAdder();

  Retention(Database database, Lanes lanes, Readers readers, SteadyClock clock) {
    this.database = database;
    this.lanes = lanes;
    this.readers = readers;
    this.clock = clock;
  }

  /// What to keep. `cutoffMs` and `nowMs` are in milliseconds since 1970.
  private record Rule(int maxMessages, long cutoffMs, long nowMs, int batch) {
    /// Nothing, of a channel that is gone.
    Rule ofDeleted() {
      return new Rule(0, Long.MAX_VALUE, Long.MAX_VALUE, batch);
    }
  }

  private record Channel(long number, ChannelKey key, boolean isDue) {}

  private record Oldest(long epochNumber, long offset, long createdAtMs) {}

  /// How much one transaction removed.
  private record Step(int messages, int answers) {
    boolean isFull(int batch) {
      return messages == batch || answers == batch;
    }
  }

  /// How many channels could not be trimmed since the start.
  long failures() {
    return failures.sum();
  }

  /// Trims every channel, one after the other, and gives the number of messages removed. One that
  /// fails does not keep the others from it. Blocks.
  ///
  /// @throws StoreUnavailableException when the database is away
  long trim(int maxMessages, Duration maxAge, int batch) {
    long now = Math.min(clock.millis(), databaseMs());
    Rule rule = new Rule(maxMessages, now - maxAge.toMillis(), now, batch);
    Round round = new Round();
    List<Long> deleted = deletedAfter(0);
    while (!deleted.isEmpty()) {
      deleted.forEach(
          number -> round.trim(number, () -> removeOnce(number, rule.ofDeleted()), rule));
      deleted = deletedAfter(deleted.getLast());
    }
    List<Channel> page = channelsAfter(0, rule);
    while (!page.isEmpty()) {
      page.stream()
          .filter(Channel::isDue)
          .forEach(channel -> round.trim(channel.number(), () -> trimOnce(channel, rule), rule));
      page = channelsAfter(page.getLast().number(), rule);
    }
    return round.removed();
  }

  /// The time by the database's clock: of two clocks that differ the earlier one counts, for what
  /// is removed is gone.
  private long databaseMs() {
    return await(
        readers.read(
            handle ->
                handle
                    .createQuery("SELECT " + database.dialect().nowMs())
                    .mapTo(Long.class)
                    .one()));
  }

  /// One walk over all channels. Confined to its thread.
  private final class Round {
    private long removed;
    private boolean hasWarned;

    /// Takes steps until one has found less than a batch.
    void trim(long number, Supplier<CompletionStage<Step>> next, Rule rule) {
      try {
        Step step;
        do {
          step = await(next.get());
          removed += step.messages();
        } while (step.isFull(rule.batch()));
      } catch (StoreUnavailableException e) {
        if (StoreUnavailableException.wasNotBegun(e)) {
          throw e; // nothing can be done now, for no channel
        }
        failed(number, e);
      }
    }

    private void failed(long number, StoreUnavailableException why) {
      failures.increment();
      if (hasWarned) {
        log.debug("Channel {} could not be trimmed: {}", number, why.getMessage());
      } else {
        log.warn("Channel {} could not be trimmed: {}", number, why.getMessage());
        hasWarned = true;
      }
    }

    long removed() {
      return removed;
    }
  }

  private List<Long> deletedAfter(long number) {
    return await(
        readers.read(
            handle ->
                handle
                    .createQuery(PAGE_OF_DELETED)
                    .bind("after", number)
                    .bind("page", PAGE)
                    .mapTo(Long.class)
                    .list()));
  }

  private List<Channel> channelsAfter(long number, Rule rule) {
    return await(
        readers.read(
            handle ->
                handle
                    .createQuery(PAGE_OF_CHANNELS)
                    .bind("maxMessages", rule.maxMessages())
                    .bind("cutoff", rule.cutoffMs())
                    .bind("now", rule.nowMs())
                    .bind("after", number)
                    .bind("page", PAGE)
                    .map(
                        (row, context) ->
                            new Channel(
                                row.getLong("number"), Rows.key(row), row.getBoolean("is_due")))
                    .list()));
  }

  private static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().join();
    } catch (CompletionException e) {
      throw SqlFailures.unavailable(Objects.requireNonNullElse(e.getCause(), e));
    }
  }

  private CompletionStage<Step> trimOnce(Channel channel, Rule rule) {
    return lanes.write(channel.key(), handle -> trimOnce(handle, channel.number(), rule));
  }

  /// Nothing else writes what a deleted channel has left, so any lane will do.
  private CompletionStage<Step> removeOnce(long channel, Rule rule) {
    return lanes.write(
        handle -> {
          Step step = trimOnce(handle, channel, rule);
          if (!step.isFull(rule.batch())) {
            handle.execute("DELETE FROM deleted_channels WHERE number = ?", channel);
          }
          return step;
        });
  }

  private Step trimOnce(Handle handle, long channel, Rule rule) {
    int messages = trimMessages(handle, channel, rule);
    int answers =
        handle
            .createUpdate(DELETE_ANSWERS)
            .bind("channel", channel)
            .bind("now", rule.nowMs())
            .bind("batch", rule.batch())
            .execute();
    return new Step(messages, answers);
  }

  /// Removes from the oldest on as long as there are too many or they are too old, so that what
  /// remains has no holes. The channel's row is locked first, as by everybody who writes its
  /// messages: another node of a cluster may be at it too.
  private int trimMessages(Handle handle, long channel, Rule rule) {
    long count = messageCount(handle, channel);
    List<Oldest> oldest =
        handle
            .createQuery(OLDEST)
            .bind("channel", channel)
            .bind("batch", rule.batch())
            .map(
                (row, context) ->
                    new Oldest(
                        row.getLong("epoch_number"),
                        row.getLong("stream_offset"),
                        row.getLong("created_at")))
            .list();
    long excess = count - rule.maxMessages();
    int removed = 0;
    while (removed < oldest.size()
        && (removed < excess || oldest.get(removed).createdAtMs() < rule.cutoffMs())) {
      removed++;
    }
    if (removed > 0) {
      deleteUntil(handle, channel, oldest.get(removed - 1));
    }
    return removed;
  }

  private long messageCount(Handle handle, long channel) {
    return handle
        .createQuery(
            "SELECT message_count FROM channels WHERE number = :channel"
                + database.dialect().forUpdate())
        .bind("channel", channel)
        .mapTo(Long.class)
        .findOne()
        .orElse(0L);
  }

  private static void deleteUntil(Handle handle, long channel, Oldest last) {
    int deleted =
        handle
            .createUpdate(DELETE_UNTIL)
            .bind("channel", channel)
            .bind("epoch", last.epochNumber())
            .bind("offset", last.offset())
            .execute();
    handle.execute(
        "UPDATE channels SET message_count = message_count - ? WHERE number = ?", deleted, channel);
  }
}
