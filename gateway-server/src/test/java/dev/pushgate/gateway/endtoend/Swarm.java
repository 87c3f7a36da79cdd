package dev.pushgate.gateway.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/// Very many subscribers on one thread, each of which checks what it gets, from one node or
/// several. Thread-safe.
final class Swarm implements AutoCloseable {
  /// A message's place.
  private record Place(String channel, String epoch, long offset) {}

  private final List<InetSocketAddress> servers;
  private final Selector selector;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final List<SwarmMember> members = new CopyOnWriteArrayList<>();
  private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
  private final Queue<String> told = new ConcurrentLinkedQueue<>();
  private final Map<Place, String> heard = new ConcurrentHashMap<>();
  private final Consumer<String> onMessage;
  private final Thread thread;
  private volatile boolean closing;

  /// @param nodes members begin at one after the other
  Swarm(Node... nodes) {
    this(_ -> {}, nodes);
  }

  /// @param onMessage is given each message of each member, on the swarm's thread
  Swarm(Consumer<String> onMessage, Node... nodes) {
    this.onMessage = onMessage;
    this.servers =
        Arrays.stream(nodes).map(node -> new InetSocketAddress("127.0.0.1", node.port())).toList();
    try {
      this.selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.thread = Thread.ofPlatform().name("swarm").start(this::run);
  }

  /// Subscribers that stay.
  void join(int count, String channel) {
    addAll(count, channel, _ -> SwarmMember.Habit.STAYS);
  }

  /// Subscribers that leave every few messages and come back: two of three resume, the others join
  /// anew.
  void comeAndGo(int count, String channel) {
    addAll(
        count, channel, i -> i % 3 == 0 ? SwarmMember.Habit.JOINS_ANEW : SwarmMember.Habit.RESUMES);
  }

  /// Subscribers that come to the next node whenever their connection ends, and resume there; they
  /// also end it themselves now and then.
  void wander(int count, String channel) {
    addAll(count, channel, _ -> SwarmMember.Habit.WANDERS);
  }

  private void addAll(int count, String channel, IntFunction<SwarmMember.Habit> habit) {
    List<SwarmMember> made = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      made.add(new SwarmMember(this, channel, habit.apply(i), members.size() + i));
    }
    members.addAll(made);
    made.forEach(member -> execute(member::connect));
  }

  /// Whether all are in their channels and have everything up to this offset.
  boolean allHave(long offset) {
    return !complaints.isEmpty() || members.stream().allMatch(member -> member.has(offset));
  }

  /// Whether all of this channel have everything up to this offset of this epoch.
  boolean allHave(String channel, String epoch, long offset) {
    return !complaints.isEmpty()
        || members.stream()
            .filter(member -> member.isIn(channel))
            .allMatch(member -> member.has(epoch, offset));
  }

  /// What was heard in this epoch, each frame once, in order.
  List<String> heard(String channel, String epoch) {
    Map<Long, String> inOrder = new TreeMap<>();
    heard.forEach(
        (place, frame) -> {
          if (place.channel.equals(channel) && place.epoch.equals(epoch)) {
            inOrder.put(place.offset, frame);
          }
        });
    return List.copyOf(inOrder.values());
  }

  /// How often members have come back.
  long returns() {
    return members.stream().mapToLong(SwarmMember::returns).sum();
  }

  /// What members have seen that they should not have; the first few of it.
  List<String> complaints() {
    return complaints.stream().limit(10).toList();
  }

  /// What members were told that they have missed: new epochs and gaps.
  List<String> told() {
    return List.copyOf(told);
  }

  InetSocketAddress server(int number) {
    return servers.get(number % servers.size());
  }

  /// Whether all who heard this message heard the same.
  boolean isSameForAll(String channel, String epoch, long offset, String frame) {
    String first = heard.putIfAbsent(new Place(channel, epoch, offset), frame);
    return first == null || first.equals(frame);
  }

  void heard(String frame) {
    onMessage.accept(frame);
  }

  void tell(String what) {
    told.add(what);
  }

  Selector selector() {
    return selector;
  }

  void complain(String complaint) {
    complaints.add(complaint);
  }

  void execute(Runnable task) {
    tasks.add(task);
    selector.wakeup();
  }

  private void run() {
    try {
      while (!closing) {
        selector.select(key -> ((SwarmMember) key.attachment()).ready(), 1_000);
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
          task.run();
        }
      }
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
      selector.close();
    } catch (IOException | RuntimeException e) {
      complain("the swarm fell down: " + e);
    }
  }

  @Override
  public void close() {
    closing = true;
    selector.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
