package dev.pushgate.gateway.store;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.store.RememberedAnswer;
import dev.pushgate.gateway.store.Job.Add;
import dev.pushgate.gateway.store.Job.Append;
import dev.pushgate.gateway.store.Job.Task;
import dev.pushgate.gateway.store.dialect.TimeLimits;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// All that writes. A channel's work goes to one lane, always the same, so that it takes effect in
/// order and no two lanes ever wait for the same rows. Thread-safe; nothing here blocks but
/// closing.
final class Lanes implements AutoCloseable {
  /// How many may wait for all lanes together: a burst, not a backlog. It is lost when the process
  /// dies, and past it a publisher is better told to come back.
  private static final int QUEUE_JOBS = 20_000;

  private final List<Lane> lanes;

  /// @param queueBytes how many bytes of messages may wait for each of them
  Lanes(Database database, TimeLimits limits, long queueBytes) {
    int count = database.dialect().lanes();
    this.lanes =
        IntStream.range(0, count)
            .mapToObj(
                index ->
                    new Lane(
                        "store-lane-" + index,
                        database,
                        limits,
                        new LaneQueue(QUEUE_JOBS / count, queueBytes)))
            .toList();
  }

  void start() {
    lanes.forEach(Lane::start);
  }

  CompletionStage<Void> append(Publication publication, @Nullable RememberedAnswer answer) {
    Append append = new Append(publication, answer);
    laneOf(publication.key()).submit(append);
    return append.done();
  }

  CompletionStage<Boolean> add(Publication publication) {
    Add add = new Add(publication);
    laneOf(publication.key()).submit(add);
    return add.done();
  }

  /// Runs the work in a transaction, behind what was asked for this channel before.
  <T extends @Nullable Object> CompletionStage<T> write(ChannelKey key, Function<Handle, T> work) {
    return submit(laneOf(key), new Task<>(work, true));
  }

  /// Runs work that concerns no channel in a transaction; it is tried also while no message can be
  /// written, for it may be done all the same.
  <T extends @Nullable Object> CompletionStage<T> write(Function<Handle, T> work) {
    return submit(lanes.getFirst(), new Task<>(work, false));
  }

  private static <T extends @Nullable Object> CompletionStage<T> submit(Lane lane, Task<T> task) {
    lane.submit(task);
    return task.done();
  }

  private Lane laneOf(ChannelKey key) {
    return lanes.get(key.homeOf(lanes.size()));
  }

  void giveUpOverdue() {
    lanes.forEach(Lane::giveUpOverdue);
  }

  int queuedJobs() {
    return lanes.stream().mapToInt(Lane::queuedJobs).sum();
  }

  long queuedBytes() {
    return lanes.stream().mapToLong(Lane::queuedBytes).sum();
  }

  @Override
  public void close() {
    lanes.forEach(Lane::close);
  }
}
