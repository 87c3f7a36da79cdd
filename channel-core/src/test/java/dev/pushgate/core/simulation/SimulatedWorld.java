package dev.pushgate.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.channel.Start;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.publication.IdempotencyKey;
import dev.pushgate.core.publication.PublishRequest;
import dev.pushgate.core.publication.Published;
import dev.pushgate.core.publication.WireFormat;
import dev.pushgate.core.store.DeclaredChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One run: a node with a store, clients and publishers, driven by one seed, and what must hold of
/// it.
final class SimulatedWorld implements Witness {
  private final SplittableRandom random;
  private final SimulatedNode node;
  private final List<ChannelKey> keys;
  private final List<SimulatedClient> clients = new ArrayList<>();

  private final Set<ChannelKey> closedChannels = new HashSet<>();
  private final Map<ChannelKey, StreamPosition> lastSeen = new HashMap<>();

  private final StreamModel model;
  private final SimulatedWire wire;
  private int unanswered;
  private int messages;

  SimulatedWorld(long seed) {
    random = new SplittableRandom(seed);
    node = new SimulatedNode(random);
    keys = List.of(key("a", "one"), key("a", "two"), key("b", "one"), key("b", "three"));
    model = new StreamModel(node.clock, node.store.streams(), node.limits);
    wire = new SimulatedWire(model::encoded);
  }

  private static ChannelKey key(String app, String name) {
    return new ChannelKey(new AppId(app), new ChannelName(name));
  }

  // --- What happens -----------------------------------------------------------------------------

  void run(int steps) {
    for (int i = 0; i < steps; i++) {
      step();
    }
    node.store.heal();
    node.settle();
    checkComplete();
    closeAll();
    node.checkNothingIsLeft();
  }

  private void step() {
    node.observer.rethrow();
    clients.removeIf(SimulatedClient::isClosed);
    switch (random.nextInt(20)) {
      case 0, 1, 2 -> publish();
      case 3 -> connect();
      case 4 ->
          withClient(client -> client.subscribe(anyKey(), AnyStart.of(random, lastSeen.values())));
      case 5 -> withClient(client -> client.unsubscribe(anyKey()));
      case 6 -> rarely(4, () -> withClient(SimulatedClient::close));
      case 7 -> rarely(10, () -> withClient(SimulatedClient::becomeSlow));
      case 8 -> rarely(6, () -> declare(anyKey()));
      case 9 -> rarely(15, () -> delete(anyKey()));
      case 10 -> rarely(8, () -> changeAccess(anyKey()));
      case 11 -> storeTrouble();
      case 12 -> rarely(30, this::crash);
      case 13 -> node.advance(random.nextInt(random.nextInt(20) == 0 ? 30_000 : 300));
      case 14, 15, 16 -> node.stepStore();
      default -> node.stepLoop();
    }
  }

  private void rarely(int oneIn, Runnable action) {
    if (random.nextInt(oneIn) == 0) {
      action.run();
    }
  }

  private void storeTrouble() {
    switch (random.nextInt(24)) {
      case 0, 1, 2 -> node.store.setAway(random.nextBoolean());
      case 3, 4, 5 -> node.store.setFull(random.nextBoolean());
      case 6 -> storeGoesBack(anyKey());
      default -> {}
    }
  }

  private void publish() {
    // Even ones carry a key, and only they come more than once, now and then with another body.
    boolean again = random.nextInt(4) == 0;
    int number = again ? random.nextInt(messages + 1) / 2 * 2 : ++messages;
    IdempotencyKey key = null;
    String data = "m" + number;
    if (number % 2 == 0) {
      data += again && random.nextInt(4) == 0 ? "x" : "";
      key = IdempotencyKey.of("", "m" + number, "e", "c", data.getBytes(StandardCharsets.UTF_8));
    }
    publish(anyKey(), data, key, _ -> {});
  }

  private void publish(
      ChannelKey key,
      String data,
      @Nullable IdempotencyKey idempotencyKey,
      Consumer<Outcome<Published>> then) {
    byte[] bytes = data.getBytes(StandardCharsets.UTF_8);
    unanswered++;
    node.engine()
        .relay()
        .publish(new PublishRequest(key, "e", "c", bytes, idempotencyKey))
        .thenAccept(
            outcome -> {
              answered(data, idempotencyKey != null, outcome);
              then.accept(outcome);
            })
        .exceptionally(node.observer::failed);
  }

  private void answered(String data, boolean keyed, Outcome<Published> outcome) {
    unanswered--;
    switch (outcome) {
      case Outcome.Done<Published>(Published done) -> model.acknowledged(done, data);
      case Outcome.Refused<Published> refused -> {
        if (!keyed && !refused.sentence().contains("unknown")) {
          model.refused(data);
        }
      }
    }
  }

  /// A lagging copy of the database takes over, and sooner or later the channel works again. Only
  /// while the channel has members: the home of one that nobody uses may be forgotten before it
  /// finds out, and nobody else could know.
  private void storeGoesBack(ChannelKey key) {
    if (clients.stream().noneMatch(client -> client.members().containsKey(key))) {
      return;
    }
    node.store.streams().loseNewest(key, 1 + random.nextInt(4)).forEach(model::lost);
    model.forgetsKeysOf(key);
    int faultPercent = node.store.faultPercent();
    node.store.heal();
    AtomicBoolean works = new AtomicBoolean();
    for (int round = 0; round < 50 && !works.get(); round++) {
      messages += 1 + messages % 2;
      String data = "m" + messages;
      publish(key, data, null, outcome -> works.set(outcome instanceof Outcome.Done));
      node.comeToRest();
      node.advance(100);
    }
    assertThat(works).as("the channel works again").isTrue();
    node.store.setFaultPercent(faultPercent);
  }

  private void connect() {
    if (clients.size() < 8) {
      clients.add(new SimulatedClient(node.anyShard(), this));
    }
  }

  private void withClient(Consumer<SimulatedClient> action) {
    if (!clients.isEmpty()) {
      SimulatedClient client = clients.get(random.nextInt(clients.size()));
      if (!client.isClosed()) {
        node.inLoop(client.shard(), () -> action.accept(client));
      }
      clients.removeIf(SimulatedClient::isClosed);
    }
  }

  private void declare(ChannelKey key) {
    DeclaredChannel channel =
        new DeclaredChannel(
            "id", key, "title", null, false, null, node.clock.millis(), node.clock.millis());
    model.declared(key);
    unanswered++;
    node.engine()
        .channels()
        .declare(channel)
        .thenAccept(_ -> unanswered--)
        .exceptionally(node.observer::failed);
  }

  private void delete(ChannelKey key) {
    model.forgetsKeysOf(key);
    unanswered++;
    node.engine()
        .channels()
        .delete(key)
        .thenAccept(_ -> unanswered--)
        .exceptionally(node.observer::failed);
  }

  private void changeAccess(ChannelKey key) {
    if (!closedChannels.remove(key)) {
      closedChannels.add(key);
    }
    node.engine().shards().revisit(key);
  }

  /// The process is killed and started again: memory is gone, the store is not.
  private void crash() {
    clients.forEach(client -> client.members().forEach(this::left));
    clients.clear();
    node.crash();
    model.crashed();
    unanswered = 0;
  }

  private ChannelKey anyKey() {
    return keys.get(random.nextInt(keys.size()));
  }

  // --- What must hold ---------------------------------------------------------------------------

  @Override
  public WireFormat wire() {
    return wire;
  }

  @Override
  public boolean isOpenTo(ChannelKey key) {
    return !closedChannels.contains(key);
  }

  @Override
  public void saw(SimulatedWire.Message message) {
    model.saw(message);
  }

  @Override
  public void joined(
      ChannelKey key, Start start, StreamPosition head, boolean recovered, int replay) {
    model.joined(key, start, head, recovered, replay);
  }

  @Override
  public void gap(ChannelKey key, StreamPosition to) {
    model.gap(key, to);
    node.observer.toldGaps++;
  }

  @Override
  public void toldEpoch() {
    node.observer.toldEpochs++;
  }

  @Override
  public void left(ChannelKey key, StreamPosition position) {
    lastSeen.put(key, position);
  }

  private void checkComplete() {
    node.observer.rethrow();
    assertThat(unanswered).as("publishes, declares and deletes without an answer").isZero();
    for (SimulatedClient client : clients) {
      assertThat(client.isWaiting()).as("a subscribe without an answer").isFalse();
      assertThat(client.isOverdue()).as("a slow consumer that was not closed").isFalse();
      model.checkMember(client.members());
    }
    for (ChannelKey key : keys) {
      assertThat(node.engine().occupancy().onNode(key))
          .as("subscribers of " + key)
          .isEqualTo(clients.stream().filter(client -> client.members().containsKey(key)).count());
    }
    model.checkStore(keys);
  }

  private void closeAll() {
    List<SimulatedClient> open = List.copyOf(clients);
    for (SimulatedClient client : open) {
      node.inLoop(client.shard(), client::close);
    }
    clients.clear();
  }

  SimulatedObserver observer() {
    return node.observer;
  }
}
