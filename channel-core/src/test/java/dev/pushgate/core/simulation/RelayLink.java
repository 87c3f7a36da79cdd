package dev.pushgate.core.simulation;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.publication.PublishRequest;
import dev.pushgate.core.publication.Published;
import dev.pushgate.core.relay.Arrival;
import dev.pushgate.core.relay.RelayListener;
import dev.pushgate.core.relay.RelayStreams;
import dev.pushgate.core.relay.RelayUnavailableException;
import dev.pushgate.core.relay.Seen;
import dev.pushgate.core.relay.SharedRelay;
import dev.pushgate.core.relay.StreamSlice;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// One node's way to the [SimulatedRelay]: commands and their answers on one connection, arrivals
/// on another. Each keeps its order; both may be cut, and arrivals may be lost or come twice.
final class RelayLink implements SharedRelay, RelayStreams {
  private record Command(Runnable run, Runnable fail) {}

  private final SimulatedRelay relay;
  private final RandomGenerator random;
  private int faultPercent;
  private final Deque<Command> commands = new ArrayDeque<>();
  private final Deque<Runnable> arrivals = new ArrayDeque<>();

  /// What homes asked for, and what the relay knows of it.
  private final Set<ChannelKey> followed = new LinkedHashSet<>();

  private final Set<ChannelKey> subscribed = new HashSet<>();
  private @Nullable RelayListener listener;
  private boolean cut;
  long lost;

  RelayLink(SimulatedRelay relay, RandomGenerator random, int faultPercent) {
    this.relay = relay;
    this.random = random;
    this.faultPercent = faultPercent;
    relay.add(this);
  }

  // --- What the node asks -----------------------------------------------------------------------

  @Override
  public RelayStreams streams() {
    return this;
  }

  @Override
  public void start(RelayListener heard) {
    listener = heard;
  }

  @Override
  public CompletionStage<Outcome<Published>> publish(PublishRequest request) {
    return this.<Outcome<Published>>ask(() -> Outcome.done(Published.of(relay.append(request), 0)))
        .exceptionally(_ -> new Outcome.Refused<>(Refusal.RELAY_UNAVAILABLE));
  }

  @Override
  public CompletionStage<StreamSlice> read(
      ChannelKey key, @Nullable Seen seen, CompletionStage<?> taken) {
    return ask(() -> relay.read(key, seen));
  }

  @Override
  public CompletionStage<Optional<StreamPosition>> head(ChannelKey key) {
    return ask(() -> Optional.of(relay.head(key)));
  }

  private <T> CompletableFuture<T> ask(Supplier<T> effect) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    Runnable fail =
        () -> answer.completeExceptionally(new RelayUnavailableException("no answer came"));
    commands.addLast(
        new Command(
            () -> {
              T value = effect.get();
              if (random.nextInt(100) < faultPercent) {
                fail.run(); // it was done, and the answer was lost
              } else {
                answer.complete(value);
              }
            },
            fail));
    return answer;
  }

  @Override
  public void follow(ChannelKey key) {
    followed.add(key);
    subscribe(key);
  }

  private void subscribe(ChannelKey key) {
    arrivals.addLast(
        () -> {
          if (followed.contains(key)) {
            subscribed.add(key);
            arrivals.addLast(() -> heard().confirmed(key));
          }
        });
  }

  @Override
  public void unfollow(ChannelKey key) {
    followed.remove(key);
    arrivals.addLast(
        () -> {
          if (!followed.contains(key)) {
            subscribed.remove(key);
          }
        });
  }

  // --- What the relay brings --------------------------------------------------------------------

  void arrives(Arrival arrival) {
    ChannelKey key = arrival.publication().key();
    bring(
        key,
        () -> {
          if (!heard().arrived(arrival)) {
            arrivals.addLast(() -> heard().confirmed(key));
          }
        });
  }

  void doubtful(ChannelKey key) {
    bring(key, () -> heard().doubtful(key));
  }

  void ended(ChannelKey key) {
    if (subscribed.contains(key) && random.nextInt(100) >= faultPercent) {
      arrivals.addLast(() -> heard().ended(key));
    }
  }

  private void bring(ChannelKey key, Runnable arrival) {
    if (!subscribed.contains(key)) {
      return;
    }
    if (random.nextInt(100) < faultPercent) {
      lost++;
      return;
    }
    arrivals.addLast(arrival);
    if (random.nextInt(100) < faultPercent) {
      arrivals.addLast(arrival);
    }
  }

  private RelayListener heard() {
    if (listener == null) {
      throw new IllegalStateException("not started");
    }
    return listener;
  }

  /// From now on nothing is lost or doubled any more.
  void heal() {
    faultPercent = 0;
  }

  boolean isFollowing() {
    return !followed.isEmpty() || !subscribed.isEmpty();
  }

  /// Heads are compared now and then, which is how a lost last message is found.
  void compareHeads() {
    if (!cut) {
      subscribed.forEach(key -> heard().doubtful(key));
    }
  }

  // --- What happens to it -----------------------------------------------------------------------

  /// Both connections break. What was asked has happened, or not.
  void cut() {
    cut = true;
    subscribed.clear();
    arrivals.clear();
    while (!commands.isEmpty()) {
      Command command = commands.removeFirst();
      (random.nextBoolean() || relay.away ? command.fail : command.run).run();
    }
  }

  boolean isBusy() {
    return cut ? !relay.away || !commands.isEmpty() : !commands.isEmpty() || !arrivals.isEmpty();
  }

  void step() {
    if (cut) {
      while (!commands.isEmpty()) {
        commands.removeFirst().fail.run();
      }
      if (!relay.away) {
        cut = false;
        followed.forEach(this::subscribe);
      }
    } else if (!commands.isEmpty() && (arrivals.isEmpty() || random.nextBoolean())) {
      commands.removeFirst().run.run();
    } else if (!arrivals.isEmpty()) {
      arrivals.removeFirst().run();
    }
  }
}
