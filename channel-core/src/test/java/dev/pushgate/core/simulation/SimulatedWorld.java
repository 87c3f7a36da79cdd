package dev.pushgate.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.channel.HomeLimits;
import dev.pushgate.core.channel.Start;
import dev.pushgate.core.engine.Engine;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.publication.IdempotencyKey;
import dev.pushgate.core.publication.PublishRequest;
import dev.pushgate.core.publication.Published;
import dev.pushgate.core.shard.Shard;
import dev.pushgate.core.shard.ShardLoop;
import dev.pushgate.core.store.DeclaredChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// One run: a node with a store, clients and publishers, driven by one seed, and what must hold of
/// it.
final class SimulatedWorld {
  private static final Duration LOG_AGE = Duration.ofSeconds(20);

  private record Place(ChannelKey key, StreamPosition position) {}

  private record Acknowledged(Place place, String id, String data, boolean durable) {}

  private final SplittableRandom random;
  private final SimulatedClock clock = new SimulatedClock();
  private final long startedMs = clock.millis();
  private final SimulatedStore store;
  private final CountingAllocator allocator = new CountingAllocator();
  private final SimulatedObserver observer = new SimulatedObserver();
  private final List<ChannelKey> keys;
  private final HomeLimits limits;
  private final List<SimulatedClient> clients = new ArrayList<>();

  private final Set<ChannelKey> closedChannels = new HashSet<>();
  private final Map<ChannelKey, StreamPosition> lastSeen = new HashMap<>();

  /// What stands at each place of each stream, as anybody saw it.
  private final Map<Place, String> streams = new HashMap<>();

  private final Map<String, Set<Place>> placesOfData = new HashMap<>();
  private final Set<String> refusedForSure = new HashSet<>();
  private final List<Acknowledged> acknowledged = new ArrayList<>();
  private boolean forgetsKeys;
  private int unanswered;
  private int messages;
  private List<SimulatedLoop> loops = List.of();
  private Engine engine;

  SimulatedWorld(long seed) {
    random = new SplittableRandom(seed);
    store = new SimulatedStore(random.split(), clock, random.nextInt(4) * 10);
    keys = List.of(key("a", "one"), key("a", "two"), key("b", "one"), key("b", "three"));
    limits =
        new HomeLimits(
            3 + random.nextInt(20),
            20_000,
            LOG_AGE,
            30_000,
            3,
            Duration.ofSeconds(60),
            100_000,
            20,
            20_000,
            8,
            400 + random.nextInt(4_000),
            1 + random.nextInt(8),
            5_000);
    engine = start();
  }

  private static ChannelKey key(String app, String name) {
    return new ChannelKey(new AppId(app), new ChannelName(name));
  }

  private Engine start() {
    int shards = 1 + random.nextInt(3);
    List<SimulatedLoop> made = new ArrayList<>();
    for (int i = 0; i < shards; i++) {
      made.add(new SimulatedLoop(clock));
    }
    loops = made;
    Engine started =
        new Engine(
            List.<ShardLoop>copyOf(made),
            limits,
            new Engine.Stores(store, new NoCatalog()),
            store.declared(),
            new Engine.Sources(clock, random.split(), observer, allocator));
    started.start();
    return started;
  }

  // --- What happens
  // -------------------------------------------------------------------------------

  void run(int steps) {
    for (int i = 0; i < steps; i++) {
      step();
    }
    store.heal();
    settle();
    checkComplete();
    closeAll();
    checkNothingIsLeft();
  }

  private void step() {
    observer.rethrow();
    switch (random.nextInt(20)) {
      case 0, 1, 2 -> publish();
      case 3 -> connect();
      case 4 -> withClient(client -> client.subscribe(anyKey(), anyStart()));
      case 5 -> withClient(client -> client.unsubscribe(anyKey()));
      case 6 -> rarely(4, () -> withClient(SimulatedClient::close));
      case 7 -> rarely(10, () -> withClient(SimulatedClient::becomeSlow));
      case 8 -> rarely(6, () -> declare(anyKey()));
      case 9 -> rarely(15, () -> delete(anyKey()));
      case 10 -> rarely(8, () -> changeAccess(anyKey()));
      case 11 -> rarely(8, () -> store.setAway(random.nextBoolean()));
      case 12 -> rarely(30, this::crash);
      case 13 -> advance(random.nextInt(random.nextInt(20) == 0 ? 30_000 : 300));
      case 14, 15, 16 -> stepStore();
      default -> stepLoop();
    }
  }

  private void rarely(int oneIn, Runnable action) {
    if (random.nextInt(oneIn) == 0) {
      action.run();
    }
  }

  private void publish() {
    ChannelKey key = anyKey();
    int number = random.nextInt(4) == 0 ? random.nextInt(messages + 1) / 2 * 2 : messages + 1;
    messages = Math.max(messages, number);
    String data = "m" + number;
    byte[] bytes = data.getBytes(StandardCharsets.UTF_8);
    // Even ones carry a key, and only they come more than once.
    IdempotencyKey idempotency = number % 2 == 0 ? IdempotencyKey.of(data, "e", "c", bytes) : null;
    unanswered++;
    engine
        .relay()
        .publish(new PublishRequest(key, "e", "c", bytes, idempotency))
        .thenAccept(outcome -> answered(key, data, idempotency, outcome))
        .exceptionally(observer::failed);
  }

  private void answered(
      ChannelKey key,
      String data,
      @Nullable IdempotencyKey idempotency,
      Outcome<Published> outcome) {
    unanswered--;
    switch (outcome) {
      case Outcome.Done<Published>(Published done) -> {
        Place place = new Place(key, done.position());
        boolean durable = engine.channels().declared(key).isPresent();
        acknowledged.add(new Acknowledged(place, done.id(), data, durable));
        saw(new SimulatedWire.Message(key, done.position(), done.id(), data));
      }
      case Outcome.Refused<Published> refused -> {
        if (idempotency == null && !refused.sentence().contains("unknown")) {
          refusedForSure.add(data);
        }
      }
    }
  }

  private void connect() {
    if (clients.size() < 8) {
      Shard shard = engine.shards().get(random.nextInt(engine.shards().count()));
      clients.add(new SimulatedClient(shard, this));
    }
  }

  private void withClient(java.util.function.Consumer<SimulatedClient> action) {
    if (!clients.isEmpty()) {
      SimulatedClient client = clients.get(random.nextInt(clients.size()));
      if (!client.isClosed()) {
        loops.get(client.shard().index()).run(() -> action.accept(client));
      }
      clients.removeIf(SimulatedClient::isClosed);
    }
  }

  private void declare(ChannelKey key) {
    DeclaredChannel channel =
        new DeclaredChannel("id", key, "title", null, false, null, clock.millis(), clock.millis());
    unanswered++;
    engine
        .channels()
        .declare(channel)
        .thenAccept(_ -> unanswered--)
        .exceptionally(observer::failed);
  }

  private void delete(ChannelKey key) {
    forgetsKeys = true;
    unanswered++;
    engine.channels().delete(key).thenAccept(_ -> unanswered--).exceptionally(observer::failed);
  }

  private void changeAccess(ChannelKey key) {
    if (!closedChannels.remove(key)) {
      closedChannels.add(key);
    }
    engine.shards().revisit(key);
  }

  /// The process is killed and started again: memory is gone, the store is not.
  private void crash() {
    forgetsKeys = true;
    clients.forEach(client -> client.members().forEach(this::remember));
    clients.clear();
    store.loseAsker();
    unanswered = 0;
    engine = start();
  }

  private void advance(long ms) {
    clock.advance(ms);
    forgetsKeys |= clock.millis() - startedMs >= limits.idempotencyTtl().toMillis();
    loops.forEach(SimulatedLoop::wake);
  }

  private boolean stepStore() {
    if (store.isBusy()) {
      store.step();
      return true;
    }
    return false;
  }

  private boolean stepLoop() {
    SimulatedLoop loop = loops.get(random.nextInt(loops.size()));
    if (loop.isBusy()) {
      loop.runOne();
      clients.removeIf(SimulatedClient::isClosed);
      return true;
    }
    return false;
  }

  /// Lets everything that was begun come to its end.
  private void settle() {
    for (int round = 0; round < 20; round++) {
      advance(1_000);
      while (store.isBusy() || loops.stream().anyMatch(SimulatedLoop::isBusy)) {
        if (random.nextBoolean()) {
          stepStore();
        } else {
          stepLoop();
        }
      }
    }
  }

  private ChannelKey anyKey() {
    return keys.get(random.nextInt(keys.size()));
  }

  private Start anyStart() {
    return switch (random.nextInt(3)) {
      case 0 -> Start.LIVE;
      case 1 -> new Start.Rewind(random.nextInt(10));
      default -> {
        List<StreamPosition> known = List.copyOf(lastSeen.values());
        yield known.isEmpty()
            ? Start.LIVE
            : new Start.Since(known.get(random.nextInt(known.size())));
      }
    };
  }

  // --- What must hold
  // -----------------------------------------------------------------------------

  boolean isOpenTo(ChannelKey key) {
    return !closedChannels.contains(key);
  }

  void remember(ChannelKey key, StreamPosition position) {
    lastSeen.put(key, position);
  }

  void toldGap() {
    observer.toldGaps++;
  }

  /// An offset that someone saw is never given to another message.
  void saw(SimulatedWire.Message message) {
    Place place = new Place(message.key(), message.position());
    String content = message.id() + "=" + message.data();
    String before = streams.putIfAbsent(place, content);
    if (before != null && !before.equals(content)) {
      throw new AssertionError(place + " holds " + before + " and " + content);
    }
    if (refusedForSure.contains(message.data())) {
      throw new AssertionError(message + " was refused");
    }
    String keyed = message.key() + " " + message.data();
    Set<Place> places = placesOfData.computeIfAbsent(keyed, _ -> new HashSet<>());
    places.add(place);
    // A key is remembered for its time, and for an undeclared channel only while the process lives.
    if (!forgetsKeys && places.size() != 1) {
      throw new AssertionError(keyed + " is in " + places);
    }
  }

  private void checkComplete() {
    observer.rethrow();
    assertThat(unanswered).as("publishes, declares and deletes without an answer").isZero();
    for (SimulatedClient client : clients) {
      assertThat(client.isWaiting()).as("a subscribe without an answer").isFalse();
      for (Acknowledged ack : acknowledged) {
        StreamPosition given = client.members().get(ack.place.key());
        if (given != null
            && given.epoch().equals(ack.place.position().epoch())
            && given.offset() < ack.place.position().offset()) {
          throw new AssertionError("a member at " + given + " was not given " + ack);
        }
      }
    }
  }

  private void closeAll() {
    List<SimulatedClient> open = List.copyOf(clients);
    for (SimulatedClient client : open) {
      loops.get(client.shard().index()).run(client::close);
    }
    clients.clear();
    settle();
    advance(LOG_AGE.toMillis() * 2);
    settle();
  }

  private void checkNothingIsLeft() {
    assertThat(allocator.leaked()).as("buffers that nobody released").isZero();
    engine
        .shards()
        .forEach(
            shard -> {
              assertThat(shard.load().subscriptions()).as("subscriptions").isZero();
              assertThat(shard.load().channels()).as("channels with subscribers").isZero();
              assertThat(shard.load().homes()).as("homes").isZero();
              assertThat(shard.load().logBytes()).as("bytes in recent logs").isZero();
              assertThat(shard.backlog()).isZero();
            });
  }

  SimulatedObserver observer() {
    return observer;
  }

  int deliveredPlaces() {
    return streams.size();
  }
}
