package dev.pushgate.gateway.store;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.publication.Published;
import dev.pushgate.core.store.RememberedAnswer;
import dev.pushgate.core.store.StoreUnavailableException;
import dev.pushgate.gateway.store.Job.Append;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/// Appends that are committed together, by channel. A channel's appends move its head in one step;
/// those of a channel whose head is not where they expect it are left out, and the others go on.
/// Confined to its lane.
final class AppendBatch implements WriteBatch {
  private static final String MOVE_HEAD =
      """
      UPDATE channels SET head = head + :count, message_count = message_count + :count
      WHERE app = :app AND slug = :slug AND epoch = :epoch AND head = :before""";

  private static final String CHANNEL_NUMBER =
      "(SELECT number FROM channels WHERE app = :app AND slug = :slug)";

  private static final String INSERT_MESSAGE =
      """
      INSERT INTO messages (channel, epoch_number, stream_offset, epoch, id,
        event_type, client_id, data, created_at)
      SELECT number, epoch_number, :offset, epoch, :id,
        :eventType, :clientId, :data, :createdAt
      FROM channels WHERE app = :app AND slug = :slug""";

  private static final String REMEMBER_ANSWER =
      """
      INSERT INTO idempotency_keys (channel, idempotency_key, digest, epoch, stream_offset,
        message_id, event_type, client_id, delivered, created_at, expires_at)
      VALUES (%s, :key, :digest, :epoch, :offset,
        :id, :eventType, :clientId, :delivered, :createdAt, :expiresAt)
      ON CONFLICT (channel, idempotency_key) DO UPDATE SET digest = excluded.digest,
        epoch = excluded.epoch, stream_offset = excluded.stream_offset,
        message_id = excluded.message_id, event_type = excluded.event_type,
        client_id = excluded.client_id, delivered = excluded.delivered,
        created_at = excluded.created_at, expires_at = excluded.expires_at"""
          .formatted(CHANNEL_NUMBER);

  private final Collection<Run> runs;

  /// Those of the runs whose channel's head was where they expected it.
  private final Set<Run> fitting = new HashSet<>();

  /// Appends of one channel, offset by offset. As a key it is only itself.
  private static final class Run {
    private final List<Append> appends = new ArrayList<>();

    Run(Append first) {
      appends.add(first);
    }

    List<Append> appends() {
      return appends;
    }

    Publication first() {
      return appends.getFirst().publication();
    }

    boolean isContinuedBy(Publication next) {
      Publication last = appends.getLast().publication();
      return next.offset() == last.offset() + 1
          && next.position().epoch().equals(last.position().epoch());
    }
  }

  /// Sorts the appends by channel. One that does not continue its channel's run fails here, and so
  /// does all that follows it in its channel.
  AppendBatch(List<Append> appends) {
    Map<ChannelKey, Run> byChannel = new LinkedHashMap<>();
    for (Append append : appends) {
      Publication publication = append.publication();
      Run run = byChannel.get(publication.key());
      if (run == null) {
        byChannel.put(publication.key(), new Run(append));
      } else if (run.isContinuedBy(publication)) {
        run.appends().add(append);
      } else {
        append.fail(doesNotFit(publication));
      }
    }
    this.runs = byChannel.values();
  }

  @Override
  public Set<ChannelKey> channels() {
    return runs.stream().map(run -> run.first().key()).collect(Collectors.toSet());
  }

  @Override
  public int jobs() {
    return runs.stream().mapToInt(run -> run.appends().size()).sum();
  }

  /// Of one channel those before a bad one are stored at the end, and those behind it do not fit.
  @Override
  public List<AppendBatch> divided() {
    if (runs.size() > 1) {
      List<Run> all = List.copyOf(runs);
      int half = all.size() / 2;
      return List.of(of(all.subList(0, half)), of(all.subList(half, all.size())));
    }
    List<Append> appends = runs.iterator().next().appends();
    int half = appends.size() / 2;
    return List.of(
        new AppendBatch(appends.subList(0, half)),
        new AppendBatch(appends.subList(half, appends.size())));
  }

  private static AppendBatch of(List<Run> runs) {
    return new AppendBatch(runs.stream().flatMap(run -> run.appends().stream()).toList());
  }

  @Override
  public void write(Handle handle) {
    fitting.clear();
    moveHeads(handle);
    List<Append> appends = fitting.stream().flatMap(run -> run.appends().stream()).toList();
    if (!appends.isEmpty()) {
      insertMessages(handle, appends);
      rememberAnswers(handle, appends);
    }
  }

  @Override
  public void committed() {
    for (Run run : runs) {
      boolean written = fitting.contains(run);
      for (Append append : run.appends()) {
        if (written) {
          append.done().complete(null);
        } else {
          append.fail(doesNotFit(append.publication()));
        }
      }
    }
  }

  @Override
  public void failed(RuntimeException why) {
    runs.forEach(run -> run.appends().forEach(append -> append.fail(why)));
  }

  private void moveHeads(Handle handle) {
    PreparedBatch batch = handle.prepareBatch(MOVE_HEAD);
    for (Run run : runs) {
      Publication first = run.first();
      bindChannel(batch, first.key())
          .bind("count", run.appends().size())
          .bind("epoch", first.position().epoch())
          .bind("before", first.offset() - 1)
          .add();
    }
    int[] moved = batch.execute();
    int index = 0;
    for (Run run : runs) {
      if (moved[index++] == 1) {
        fitting.add(run);
      }
    }
  }

  private static void insertMessages(Handle handle, List<Append> appends) {
    PreparedBatch batch = handle.prepareBatch(INSERT_MESSAGE);
    for (Append append : appends) {
      Publication publication = append.publication();
      bindChannel(batch, publication.key())
          .bind("offset", publication.offset())
          .bind("id", publication.id())
          .bind("eventType", publication.eventType())
          .bind("clientId", publication.clientId())
          .bind("data", publication.data())
          .bind("createdAt", publication.timestampMs())
          .add();
    }
    batch.execute();
  }

  private static void rememberAnswers(Handle handle, List<Append> appends) {
    PreparedBatch batch = handle.prepareBatch(REMEMBER_ANSWER);
    for (Append append : appends) {
      @Nullable RememberedAnswer remembered = append.answer();
      if (remembered != null) {
        Published answer = remembered.answer();
        bindChannel(batch, answer.key())
            .bind("key", remembered.key().value())
            .bind("digest", remembered.key().digest())
            .bind("epoch", answer.position().epoch())
            .bind("offset", answer.position().offset())
            .bind("id", answer.id())
            .bind("eventType", answer.eventType())
            .bind("clientId", answer.clientId())
            .bind("delivered", answer.delivered())
            .bind("createdAt", answer.createdAtMs())
            .bind("expiresAt", remembered.expiresAtMs())
            .add();
      }
    }
    if (batch.size() > 0) {
      batch.execute();
    }
  }

  private static PreparedBatch bindChannel(PreparedBatch batch, ChannelKey key) {
    return batch.bind("app", key.app().value()).bind("slug", key.name().value());
  }

  private static StoreUnavailableException doesNotFit(Publication publication) {
    return new StoreUnavailableException(
        "offset "
            + publication.offset()
            + " does not follow the stored head of "
            + publication.key());
  }
}
