package dev.pushgate.gateway.store;

import dev.pushgate.core.name.ChannelKey;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jdbi.v3.core.Handle;

/// Removes what the archive keeps no longer, a little at a time: every batch is a transaction of
/// its own that waits its turn in the channel's lane, so appends go on between two of them.
/// Thread-safe.
final class Retention {
  private static final String CHANNELS_TO_TRIM =
      """
      SELECT number, app, slug FROM channels
      WHERE message_count > :maxMessages
        OR (SELECT created_at FROM messages WHERE channel = number
          ORDER BY epoch_number, stream_offset LIMIT 1) < :cutoff
        OR EXISTS (SELECT 1 FROM idempotency_keys WHERE channel = number AND expires_at <= :now)
      ORDER BY number""";

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

  private final Lanes lanes;
  private final Readers readers;
  private final Clock clock;

  Retention(Lanes lanes, Readers readers, Clock clock) {
    this.lanes = lanes;
    this.readers = readers;
    this.clock = clock;
  }

  /// What to keep. `cutoffMs` and `nowMs` are in milliseconds since 1970.
  private record Rule(int maxMessages, long cutoffMs, long nowMs, int batch) {}

  private record Channel(long number, ChannelKey key) {}

  private record Oldest(long epochNumber, long offset, long createdAtMs) {}

  /// How much one transaction removed.
  private record Step(int messages, int answers) {
    boolean isFull(int batch) {
      return messages == batch || answers == batch;
    }
  }

  /// Trims every channel and gives the number of messages removed.
  CompletionStage<Long> trim(int maxMessages, Duration maxAge, int batch) {
    long now = clock.millis();
    Rule rule = new Rule(maxMessages, now - maxAge.toMillis(), now, batch);
    return readers
        .read(handle -> channelsToTrim(handle, rule))
        .thenCompose(channels -> trimAll(channels, 0, 0, rule));
  }

  private static List<Channel> channelsToTrim(Handle handle, Rule rule) {
    return handle
        .createQuery(CHANNELS_TO_TRIM)
        .bind("maxMessages", rule.maxMessages())
        .bind("cutoff", rule.cutoffMs())
        .bind("now", rule.nowMs())
        .map((row, context) -> new Channel(row.getLong("number"), Rows.key(row)))
        .list();
  }

  /// One batch at a time and one channel after the other. Each stage completes on the lane's thread
  /// after its transaction, and only queues the next there.
  private CompletionStage<Long> trimAll(List<Channel> channels, int index, long soFar, Rule rule) {
    if (index == channels.size()) {
      return CompletableFuture.completedStage(soFar);
    }
    Channel channel = channels.get(index);
    return lanes
        .write(channel.key(), handle -> trimOnce(handle, channel.number(), rule))
        .thenCompose(
            step ->
                trimAll(
                    channels,
                    step.isFull(rule.batch()) ? index : index + 1,
                    soFar + step.messages(),
                    rule));
  }

  private static Step trimOnce(Handle handle, long channel, Rule rule) {
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
  /// remains has no holes.
  private static int trimMessages(Handle handle, long channel, Rule rule) {
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
    long excess = messageCount(handle, channel) - rule.maxMessages();
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

  private static long messageCount(Handle handle, long channel) {
    return handle
        .createQuery("SELECT message_count FROM channels WHERE number = :channel")
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
