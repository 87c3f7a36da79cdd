package dev.pushgate.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.channel.Start;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.publication.PublishRequest;
import dev.pushgate.core.publication.Published;
import dev.pushgate.core.publication.WireFormat;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/// One run: two nodes, the relay between them, clients and publishers, driven by one seed, and what
/// must hold of it.
final class ClusterWorld implements Witness {
  /// What was seen to happen.
  static final class Counts {
    long published;
    long seen;
    long lost;
    long recovered;
    long toldGaps;
    long toldEpochs;

    void add(Counts other) {
      published += other.published;
      seen += other.seen;
      lost += other.lost;
      recovered += other.recovered;
      toldGaps += other.toldGaps;
      toldEpochs += other.toldEpochs;
    }
  }

  private final SplittableRandom random;
  private final SimulatedClock clock = new SimulatedClock();
  private final SimulatedRelay relay;
  private final List<ClusterNode> nodes = new ArrayList<>();
  private final List<ChannelKey> keys;
  private final Map<SimulatedClient, ClusterNode> clients = new LinkedHashMap<>();
  private final Map<ChannelKey, StreamPosition> lastSeen = new HashMap<>();
  private final Counts counts = new Counts();

  private int unanswered;
  private int messages;

  ClusterWorld(long seed) {
    random = new SplittableRandom(seed);
    relay = new SimulatedRelay(clock, 3 + random.nextInt(20));
    keys = List.of(key("one"), key("two"), key("three"));
    int faultPercent = random.nextInt(4) * 5;
    for (int i = 0; i < 2; i++) {
      nodes.add(new ClusterNode(random, clock, new RelayLink(relay, random.split(), faultPercent)));
    }
  }

  private static ChannelKey key(String name) {
    return new ChannelKey(new AppId("a"), new ChannelName(name));
  }

  // --- What happens -----------------------------------------------------------------------------

  Counts run(int steps) {
    for (int i = 0; i < steps; i++) {
      step();
    }
    relay.away = false;
    nodes.forEach(node -> node.link().heal());
    settle();
    nodes.forEach(node -> node.link().compareHeads());
    settle();
    checkComplete();
    clients.forEach((client, node) -> node.inLoop(client.shard(), client::close));
    clients.clear();
    settle();
    nodes.forEach(ClusterNode::checkNothingIsLeft);
    nodes.forEach(node -> counts.lost += node.link().lost);
    return counts;
  }

  private void step() {
    nodes.forEach(node -> node.observer().rethrow());
    clients.keySet().removeIf(SimulatedClient::isClosed);
    ClusterNode node = nodes.get(random.nextInt(nodes.size()));
    switch (random.nextInt(20)) {
      case 0, 1, 2 -> publish(node);
      case 3 -> connect(node);
      case 4, 5 ->
          withClient(client -> client.subscribe(anyKey(), AnyStart.of(random, lastSeen.values())));
      case 6 -> withClient(client -> client.unsubscribe(anyKey()));
      case 7 -> rarely(4, () -> withClient(SimulatedClient::close));
      case 8 -> rarely(10, () -> withClient(SimulatedClient::becomeSlow));
      case 9 -> rarely(10, node.link()::cut);
      case 10 -> relayTrouble();
      case 11 -> rarely(3, node.link()::compareHeads);
      case 12 -> advance(random.nextInt(random.nextInt(20) == 0 ? 30_000 : 300));
      case 13, 14, 15, 16 -> node.stepRelay();
      default -> node.stepLoop(random);
    }
  }

  private void relayTrouble() {
    switch (random.nextInt(40)) {
      case 0, 1 -> stop();
      case 2, 3, 4, 5, 6, 7 -> relay.away = false;
      case 8 -> relay.loseEverything();
      case 9 -> relay.loseNewest(anyKey(), 1 + random.nextInt(3), random.nextBoolean());
      case 10 -> relay.end(anyKey());
      default -> {}
    }
  }

  private void stop() {
    relay.away = true;
    nodes.forEach(node -> node.link().cut());
  }

  private void rarely(int oneIn, Runnable action) {
    if (random.nextInt(oneIn) == 0) {
      action.run();
    }
  }

  private void publish(ClusterNode node) {
    byte[] data = ("m" + ++messages).getBytes(StandardCharsets.UTF_8);
    unanswered++;
    node.engine()
        .relay()
        .publish(new PublishRequest(anyKey(), "e", "c", data, null))
        .thenAccept(this::answered)
        .exceptionally(node.observer()::failed);
  }

  private void answered(Outcome<Published> outcome) {
    unanswered--;
    counts.published += outcome instanceof Outcome.Done ? 1 : 0;
  }

  private void connect(ClusterNode node) {
    if (clients.size() < 8) {
      clients.put(new SimulatedClient(node.anyShard(random), this), node);
    }
  }

  private void withClient(Consumer<SimulatedClient> action) {
    List<SimulatedClient> open = List.copyOf(clients.keySet());
    if (!open.isEmpty()) {
      SimulatedClient client = open.get(random.nextInt(open.size()));
      ClusterNode node = clients.get(client);
      if (!client.isClosed() && node != null) {
        node.inLoop(client.shard(), () -> action.accept(client));
      }
    }
  }

  private ChannelKey anyKey() {
    return keys.get(random.nextInt(keys.size()));
  }

  private void advance(long ms) {
    clock.advance(ms);
    nodes.forEach(ClusterNode::wake);
  }

  private void settle() {
    for (int round = 0; round < 20; round++) {
      advance(1_000);
      while (nodes.stream().anyMatch(ClusterNode::isBusy)) {
        ClusterNode node = nodes.get(random.nextInt(nodes.size()));
        if (random.nextBoolean()) {
          node.stepRelay();
        } else {
          node.stepLoop(random);
        }
      }
    }
  }

  // --- What must hold ---------------------------------------------------------------------------

  private void checkComplete() {
    nodes.forEach(node -> node.observer().rethrow());
    assertThat(unanswered).as("publishes without an answer").isZero();
    clients.keySet().removeIf(SimulatedClient::isClosed);
    for (SimulatedClient client : clients.keySet()) {
      assertThat(client.isWaiting()).as("a subscribe without an answer").isFalse();
      assertThat(client.isOverdue()).as("a slow consumer that was not closed").isFalse();
      client.members().forEach((key, position) -> checkMember(client, key, position));
    }
  }

  /// It is where the relay is, and was given what stands there, in the epoch that both are in.
  private void checkMember(SimulatedClient client, ChannelKey key, StreamPosition position) {
    assertThat(position).as("a member of %s", key).isEqualTo(relay.head(key));
    Map<Long, String> kept = relay.kept(key);
    client
        .given(key)
        .forEach(
            (offset, id) ->
                assertThat(kept.getOrDefault(offset, id))
                    .as("%s at %s", key, offset)
                    .isEqualTo(id));
  }

  @Override
  public WireFormat wire() {
    return SimulatedWire.FORMAT;
  }

  @Override
  public boolean isOpenTo(ChannelKey key) {
    return true;
  }

  @Override
  public void saw(SimulatedWire.Message message) {
    counts.seen++;
    assertThat(relay.everHad(message)).as("%s was published", message).isTrue();
  }

  /// What the relay still has is replayed to whoever resumes, on whatever node; but for who was
  /// told that the stream ended before its place, as it did when the relay had lost what was there.
  @Override
  public void joined(
      ChannelKey key, Start start, StreamPosition head, boolean recovered, int replay) {
    if (start instanceof Start.Since(StreamPosition since)) {
      counts.recovered += recovered ? 1 : 0;
      if (head.epoch().equals(since.epoch())
          && since.offset() <= head.offset()
          && relay.reachesBackTo(key, since)) {
        assertThat(recovered).as("resume of %s from %s at %s", key, since, head).isTrue();
      }
    }
  }

  @Override
  public void gap(ChannelKey key, StreamPosition to) {
    counts.toldGaps++;
    assertThat(relay.has(key, to)).as("a gap up to %s of %s", to, key).isFalse();
  }

  @Override
  public void toldEpoch() {
    counts.toldEpochs++;
  }

  @Override
  public void left(ChannelKey key, StreamPosition position) {
    lastSeen.put(key, position);
  }
}
