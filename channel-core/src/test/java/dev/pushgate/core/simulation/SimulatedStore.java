package dev.pushgate.core.simulation;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.store.DeclaredChannel;
import dev.pushgate.core.store.OpenedStream;
import dev.pushgate.core.store.RememberedAnswer;
import dev.pushgate.core.store.StoreUnavailableException;
import dev.pushgate.core.store.StreamStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A store that keeps the promises of [StreamStore] and nothing more: what it is asked takes effect
/// later, or fails, or is rolled back, or fails to say that it took effect, or takes effect after
/// it said that it failed; and it may lose the newest of what it had.
final class SimulatedStore implements StreamStore {
  /// Something asked that has not taken effect yet.
  private record Asked(
      ChannelKey key, boolean reads, Runnable effect, Runnable fail, Runnable refuse) {}

  private final RandomGenerator random;
  private final SimulatedClock clock;
  private final SimulatedStreams streams = new SimulatedStreams();
  private final Deque<Asked> asked = new ArrayDeque<>();
  private final List<Asked> ghosts = new ArrayList<>();
  private final List<Runnable> answers = new ArrayList<>();
  private boolean away;
  private boolean full;
  private boolean silent;
  private boolean refusing;
  private int faultPercent;

  SimulatedStore(RandomGenerator random, SimulatedClock clock, int faultPercent) {
    this.random = random;
    this.clock = clock;
    this.faultPercent = faultPercent;
  }

  boolean isBusy() {
    return !asked.isEmpty() || !answers.isEmpty();
  }

  void setAway(boolean away) {
    this.away = away;
  }

  /// From now on appends are refused before they are begun.
  void setFull(boolean full) {
    this.full = full;
  }

  /// From now on what is written takes effect, but says that nobody knows.
  void setSilent(boolean silent) {
    this.silent = silent;
  }

  /// From now on what is to be written is rolled back, and nothing can be read.
  void setRefusing(boolean refusing) {
    this.refusing = refusing;
  }

  SimulatedStreams streams() {
    return streams;
  }

  int faultPercent() {
    return faultPercent;
  }

  void setFaultPercent(int percent) {
    this.faultPercent = percent;
  }

  void heal() {
    away = false;
    full = false;
    faultPercent = 0;
  }

  /// The node is gone: what it asked takes effect now or never, and nobody waits for an answer.
  void loseAsker() {
    while (!asked.isEmpty()) {
      Asked first = asked.removeFirst();
      if (random.nextBoolean() && !first.reads) {
        first.effect.run();
      }
    }
    ghosts.forEach(this::layGhost);
    ghosts.clear();
    answers.clear();
  }

  /// One step: something takes effect, or an answer goes out.
  void step() {
    if (!answers.isEmpty() && (asked.isEmpty() || random.nextBoolean())) {
      answers.remove(random.nextInt(answers.size())).run();
      return;
    }
    Asked first = asked.removeFirst();
    if (first.reads) {
      List<Asked> own = ghosts.stream().filter(ghost -> ghost.key.equals(first.key)).toList();
      ghosts.removeAll(own);
      own.forEach(this::layGhost);
    }
    if (refusing) {
      first.refuse.run();
    } else if (silent && !first.reads) {
      first.effect.run();
      first.fail.run();
    } else if (away) {
      first.fail.run();
    } else if (random.nextInt(100) >= faultPercent) {
      first.effect.run();
    } else {
      fail(first);
    }
  }

  private void fail(Asked first) {
    int kind = random.nextInt(4);
    if (kind == 2) {
      first.refuse.run();
    } else if (kind == 0 && !first.reads) {
      first.effect.run(); // it took effect, and answers first.fail, whichever comes first
      first.fail.run();
    } else if (kind == 1 && !first.reads) {
      first.fail.run();
      ghosts.add(first);
    } else {
      first.fail.run();
    }
  }

  private void layGhost(Asked ghost) {
    if (random.nextBoolean()) {
      ghost.effect.run();
    }
  }

  @Override
  public CompletionStage<Optional<OpenedStream>> open(
      ChannelKey key, int maxMessages, long maxBytes) {
    return ask(
        key,
        true,
        () -> Optional.ofNullable(streams.read(key, maxMessages, maxBytes, clock.believedMs())));
  }

  @Override
  public CompletionStage<Void> append(Publication publication, @Nullable RememberedAnswer answer) {
    if (full) {
      return CompletableFuture.failedStage(StoreUnavailableException.notBegun("simulated"));
    }
    return ask(
        publication.key(),
        false,
        () -> {
          streams.append(publication, answer);
          return null;
        });
  }

  @Override
  public CompletionStage<Boolean> declare(DeclaredChannel channel, StreamPosition start) {
    return ask(channel.key(), false, () -> streams.declare(channel, start));
  }

  @Override
  public CompletionStage<Boolean> beginEpoch(ChannelKey key, StreamPosition found, String epoch) {
    return ask(key, false, () -> streams.beginEpoch(key, found, epoch));
  }

  @Override
  public CompletionStage<Boolean> delete(ChannelKey key) {
    return ask(key, false, () -> streams.delete(key));
  }

  private <T extends @Nullable Object> CompletionStage<T> ask(
      ChannelKey key, boolean reads, Supplier<T> effect) {
    CompletableFuture<T> stage = new CompletableFuture<>();
    // An answer is drawn at random: the first of an effect's and a failure's counts, so a failure
    // that follows an effect is made to win by taking the effect's answer away.
    List<Runnable> own = new ArrayList<>(1);
    Runnable run =
        () -> {
          Runnable answer = answerOf(stage, effect);
          own.add(answer);
          answers.add(answer);
        };
    Runnable fail =
        () -> {
          answers.removeAll(own);
          StoreUnavailableException failure =
              away && own.isEmpty()
                  ? StoreUnavailableException.notBegun("simulated")
                  : new StoreUnavailableException("simulated");
          answers.add(() -> stage.completeExceptionally(failure));
        };
    Runnable refuse =
        () ->
            answers.add(
                () ->
                    stage.completeExceptionally(StoreUnavailableException.rolledBack("simulated")));
    asked.addLast(new Asked(key, reads, run, fail, refuse));
    return stage;
  }

  private static <T extends @Nullable Object> Runnable answerOf(
      CompletableFuture<T> stage, Supplier<T> effect) {
    try {
      T value = effect.get();
      return () -> stage.complete(value);
    } catch (StoreUnavailableException e) {
      return () -> stage.completeExceptionally(e);
    }
  }
}
