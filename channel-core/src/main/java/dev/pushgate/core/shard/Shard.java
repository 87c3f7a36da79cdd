package dev.pushgate.core.shard;

import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.core.memory.MemoryShare;
import dev.pushgate.core.memory.NotedBytes;
import dev.pushgate.core.outcome.Outcome;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One event loop and all that is confined to it: the hub of the sessions that live on it, the
/// homes of the channels that hash to it, and its flush batch. One thread, so no locks on the path
/// of a message.
public final class Shard {
  private static final Duration SWEEP = Duration.ofSeconds(1);

  private final int index;
  private final ShardLoop loop;
  private final Shards shards;
  private final Mailbox mailbox;
  private final OutboundMemory outbound;
  private final Hub hub;
  private final Homes homes;
  private final ShardFaults faults;
  private final ChannelMemory channelMemory;
  private final NotedBytes recentLogs;
  private final NotedBytes waiting;
  private final int turnFrames;
  private final int turnBytes;
  private volatile ShardLoad load = ShardLoad.NONE;
  private boolean someoneHeldBack;
  private long bytesThisTurn;

  Shard(int index, ShardLoop loop, Shards shards, ShardSetup setup) {
    this.index = index;
    this.loop = loop;
    this.shards = shards;
    MemoryShare waits = setup.memory().share(MemoryKind.WAITING);
    this.mailbox = new Mailbox(loop, this::turn, setup.limits().waiting().mailboxBytes(), waits);
    this.channelMemory = new ChannelMemory(setup.memory().share(MemoryKind.CHANNELS));
    this.faults = new ShardFaults(index, setup.observer(), System::nanoTime);
    this.outbound = new OutboundMemory(setup.allocator(), setup.memory(), shards.count());
    this.hub = new Hub(this, setup, faults);
    this.homes = new Homes(this, shards, setup);
    this.recentLogs = new NotedBytes(setup.memory().share(MemoryKind.RECENT_LOGS));
    this.waiting = new NotedBytes(waits);
    this.turnFrames = setup.limits().turn().messages();
    this.turnBytes = setup.limits().turn().bytes();
  }

  /// This shard's number: 0 to the number of shards - 1.
  public int index() {
    return index;
  }

  public ShardLoop loop() {
    return loop;
  }

  /// What the shard holds, at most a second ago. Thread-safe.
  public ShardLoad load() {
    return load;
  }

  /// How many messages wait for the shard. Thread-safe, and a moment old.
  public int backlog() {
    return mailbox.size();
  }

  /// Fails, where assertions are on, when the caller is not on this shard's loop.
  public void assertInside() {
    assert loop.inside() : "not on the loop of shard " + index;
  }

  /// Begins to drop what grows old. Called once.
  void start() {
    loop.runLater(this::sweep, SWEEP);
  }

  /// What waits for the clients on this shard. Confined to its loop.
  public OutboundMemory outbound() {
    return outbound;
  }

  Hub hub() {
    return hub;
  }

  ChannelMemory channelMemory() {
    return channelMemory;
  }

  /// Thread-safe; FIFO for each posting thread.
  void post(ShardMessage message) {
    mailbox.post(message);
  }

  void postJoin(Subscription subscription) {
    shards.homeOf(subscription.key()).post(new ShardMessage.Join(subscription));
  }

  void postCallOff(Subscription subscription) {
    shards.homeOf(subscription.key()).post(new ShardMessage.CallOff(subscription));
  }

  void postLeave(Subscription subscription) {
    shards.homeOf(subscription.key()).post(new ShardMessage.Leave(subscription.key(), index));
  }

  void postPresence(ShardMessage.ToPresence message) {
    shards.homeOf(message.key()).post(message);
  }

  /// Takes a publish for a home here, or says why not. Thread-safe.
  Outcome.@Nullable Refused<?> postPublish(ShardMessage.Publish message) {
    return mailbox.postPublish(message);
  }

  /// Takes what came through the relay. False when too much waits here already. Thread-safe.
  boolean postArrival(ShardMessage.Arrived message) {
    return mailbox.postWithinBudget(message, message.arrival().publication().weight());
  }

  /// Takes a change of a roster; otherwise as [#postArrival].
  boolean postChange(ShardMessage.RosterChanged message) {
    return mailbox.postWithinBudget(message, message.change().weight());
  }

  /// Says something from a home to this shard's members. A home on this very shard speaks directly:
  /// it is on the right thread, and what it says still comes in order, for it says everything this
  /// way.
  void tellMembers(Shard home, ShardMessage.ToMembers message) {
    if (home == this) {
      hub.handle(message);
    } else {
      post(message);
    }
  }

  /// As [#tellMembers] for a publication. False when too much waits here already; a
  /// [ShardMessage.Room] follows when it does not any more.
  boolean deliver(Shard home, ShardMessage.Deliver message) {
    if (home == this) {
      hub.handle(message);
      return true;
    }
    return mailbox.postWithinBudget(message, message.frames().publication().weight());
  }

  /// A shard was told that there is no room here: it is to hear when there is. Called by any shard.
  void heldBack() {
    post(new ShardMessage.HeldBack());
  }

  private void turn() {
    try {
      handleSome();
      endTurn();
    } finally {
      mailbox.rest(); // else nothing would ever wake this shard again
    }
  }

  private void handleSome() {
    bytesThisTurn = 0;
    int messages = 0;
    @Nullable ShardMessage message;
    while (messages < turnFrames
        && bytesThisTurn < turnBytes
        && (message = mailbox.poll()) != null) {
      messages++;
      handle(message);
    }
  }

  private void handle(ShardMessage message) {
    try {
      switch (message) {
        case ShardMessage.Deliver deliver -> {
          mailbox.release(deliver.frames().publication().weight());
          noteBytes(deliver.frames().publication().weight());
          hub.handle(deliver);
        }
        case ShardMessage.Arrived arrived -> {
          mailbox.release(arrived.arrival().publication().weight());
          homes.handle(arrived);
        }
        case ShardMessage.Publish publish -> {
          mailbox.releasePublish(publish.request().weight());
          homes.handle(publish);
        }
        case ShardMessage.RosterChanged changed -> {
          mailbox.release(changed.change().weight());
          homes.handle(changed);
        }
        case ShardMessage.ToMembers toMembers -> hub.handle(toMembers);
        case ShardMessage.HeldBack _ -> someoneHeldBack = true;
        case ShardMessage.ToHome toHome -> homes.handle(toHome);
      }
    } catch (Throwable e) {
      // Errors too: Netty throws one when there is no direct memory left, and then goes on.
      faults.note(message.getClass().getSimpleName(), e);
      if (message instanceof ShardMessage.ToHome asked) {
        homes.refuse(asked);
      }
    }
  }

  /// Counts towards the bytes after which the shard writes and lets I/O go on.
  void noteBytes(long bytes) {
    bytesThisTurn += bytes;
  }

  private void endTurn() {
    try {
      hub.flush();
    } catch (Throwable e) {
      faults.note("writing", e);
    }
    if (someoneHeldBack && mailbox.hasRoom()) {
      someoneHeldBack = false;
      shards.forEach(shard -> shard.post(new ShardMessage.Room(index)));
    }
  }

  private void sweep() {
    assertInside();
    try {
      outbound.tick();
      homes.sweep();
      hub.attendances().sweep();
      report();
    } catch (Throwable e) {
      faults.note("dropping what has grown old", e);
    } finally {
      loop.runLater(this::sweep, SWEEP);
    }
  }

  private void report() {
    recentLogs.now(homes.logBudget().bytes());
    waiting.now(mailbox.bytes() + homes.storeBacklog().arrivedBytes());
    load =
        new ShardLoad(
            homes.size(),
            hub.channels(),
            hub.subscriptions(),
            homes.logBudget().bytes(),
            homes.idempotency().bytes(),
            homes.storeBacklog().bytes());
  }
}
