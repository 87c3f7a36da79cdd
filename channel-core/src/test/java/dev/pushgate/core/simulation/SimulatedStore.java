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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A store that keeps the promises of [StreamStore] and nothing more: what it is asked takes effect
/// later, or fails, or fails to say that it took effect, or takes effect after it said that it
/// failed.
final class SimulatedStore implements StreamStore {
  private static final class Stream {
    final DeclaredChannel channel;
    final String epoch;
    long head;
    final List<Publication> messages = new ArrayList<>();
    final List<RememberedAnswer> answers = new ArrayList<>();

    Stream(DeclaredChannel channel, StreamPosition start) {
      this.channel = channel;
      this.epoch = start.epoch();
      this.head = start.offset();
    }
  }

  /// Something asked that has not taken effect yet.
  private record Asked(ChannelKey key, boolean reads, Runnable effect, Runnable fail) {}

  private final RandomGenerator random;
  private final SimulatedClock clock;
  private final Map<ChannelKey, Stream> streams = new HashMap<>();
  private final Deque<Asked> asked = new ArrayDeque<>();
  private final List<Asked> ghosts = new ArrayList<>();
  private final List<Runnable> answers = new ArrayList<>();
  private boolean away;
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

  void heal() {
    away = false;
    faultPercent = 0;
  }

  List<DeclaredChannel> declared() {
    return streams.values().stream().map(stream -> stream.channel).toList();
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
    if (away) {
      first.fail.run();
    } else if (random.nextInt(100) >= faultPercent) {
      first.effect.run();
    } else {
      fail(first);
    }
  }

  private void fail(Asked first) {
    int kind = random.nextInt(3);
    if (kind == 0 && !first.reads) {
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
        key, true, () -> Optional.ofNullable(streams.get(key)).map(s -> read(s, maxMessages)));
  }

  private OpenedStream read(Stream stream, int maxMessages) {
    int from = Math.max(0, stream.messages.size() - maxMessages);
    return new OpenedStream(
        new StreamPosition(stream.epoch, stream.head),
        stream.messages.subList(from, stream.messages.size()),
        stream.answers.stream().filter(a -> a.expiresAtMs() > clock.millis()).toList());
  }

  @Override
  public CompletionStage<Void> append(Publication publication, @Nullable RememberedAnswer answer) {
    return ask(
        publication.key(),
        false,
        () -> {
          Stream stream = streams.get(publication.key());
          if (stream == null
              || !stream.epoch.equals(publication.position().epoch())
              || stream.head != publication.offset() - 1) {
            throw new StoreUnavailableException("does not fit");
          }
          stream.head++;
          stream.messages.add(publication);
          if (answer != null) {
            stream.answers.add(answer);
          }
          return null;
        });
  }

  @Override
  public CompletionStage<Boolean> declare(DeclaredChannel channel, StreamPosition start) {
    return ask(
        channel.key(),
        false,
        () -> streams.putIfAbsent(channel.key(), new Stream(channel, start)) == null);
  }

  @Override
  public CompletionStage<Boolean> delete(ChannelKey key) {
    return ask(key, false, () -> streams.remove(key) != null);
  }

  private <T extends @Nullable Object> CompletionStage<T> ask(
      ChannelKey key, boolean reads, Supplier<T> effect) {
    CompletableFuture<T> stage = new CompletableFuture<>();
    // An answer is drawn at random from the answers: the first of an effect's and a failure's
    // counts,
    // so a failure that follows an effect is made to win by taking the effect's answer away.
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
    asked.addLast(new Asked(key, reads, run, fail));
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
