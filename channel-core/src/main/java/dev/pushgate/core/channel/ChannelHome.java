package dev.pushgate.core.channel;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.publication.EncodedFrames;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.publication.PublishRequest;
import dev.pushgate.core.publication.Published;
import dev.pushgate.core.store.DeclaredChannel;
import dev.pushgate.core.store.OpenedStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a channel's stream is put in order: it gives the offsets, keeps the recent log, and hands
/// each publication to the shards that have members. Joining and reading the recent log are one
/// step here, and what is published later goes out behind that answer: so a resume has no gap and
/// nothing twice.
///
/// Confined to one thread, and unaware of which.
public final class ChannelHome {
  private final ChannelKey key;
  private final HomeHost host;
  private final RecentLog log;
  private final ShardMembership members;
  private final HomeSync sync;
  private final PublishAnswers answers;
  private String epoch;
  private long head;

  /// The id of the publication at the head; empty when it is not known, or there is none.
  private String headId = "";

  /// @param declared whether the stream goes on where the store has it; otherwise it begins a new
  ///     epoch. No matter where a relay keeps the streams
  public ChannelHome(ChannelKey key, HomeHost host, boolean declared) {
    this.key = key;
    this.host = host;
    this.log =
        new RecentLog(
            host.logBudget().ofApp(key.app()),
            host.limits().log().messages(),
            host.limits().log().bytes());
    this.members = new ShardMembership(key, host);
    this.answers = new PublishAnswers(key, host);
    this.epoch = host.newEpoch();
    this.sync =
        host.followsRelay() ? new RelaySync(this, host) : new StoreSync(this, host, declared);
  }

  public ChannelKey key() {
    return key;
  }

  /// The newest position that members have been given or are about to be.
  public StreamPosition position() {
    return new StreamPosition(epoch, head);
  }

  /// Tells [#position], which a declared channel reads from the store first.
  public void ask(Answer<StreamPosition> answer) {
    store().ask(answer);
  }

  /// Puts a message into the stream and answers when it is there for good.
  public void publish(PublishRequest request, Answer<Published> answer) {
    store().publish(request, answer);
  }

  /// Makes a subscriber a member. Answered through [HomeHost#joined], perhaps later.
  public void join(JoinRequest request) {
    sync.join(request);
  }

  /// A join that may not be answered yet has been given up. One that was answered counts as a
  /// member until its [#leave].
  public void callOff(JoinRequest request) {
    members.unpark(request);
    sync.callOff(request);
  }

  /// One member of a shard is gone.
  public void leave(int shard) {
    members.remove(shard);
    host.membersChanged(key, members.total());
  }

  /// Declares the channel; its stream goes on.
  public void declare(DeclaredChannel channel, Answer<DeclaredChannel> answer) {
    store().declare(channel, answer);
  }

  /// Deletes the declared channel; its members are told and removed, and its stream ends.
  public void delete(Answer<ChannelKey> answer) {
    store().delete(answer);
  }

  /// Gives a shard that has room again what it is behind.
  public void catchUp(int shard) {
    if (isLeftBehind(shard)) {
      return;
    }
    JoinRequest parked = members.nextParked(shard);
    while (parked != null) {
      sync.join(parked);
      parked = members.isBehind(shard) ? null : members.nextParked(shard);
    }
  }

  /// Whether nothing would be lost but the recent log if this home were forgotten.
  public boolean isForgettable() {
    return members.total() == 0 && !members.hasParked() && sync.isQuiet();
  }

  /// Goes on after something was thrown in the middle of what was done with an answer.
  public void recover() {
    sync.recover();
  }

  /// Gives back what the home holds of its shard's memory. The home is not used afterwards.
  public void forget() {
    sync.close();
    log.clear();
  }

  long head() {
    return head;
  }

  String headId() {
    return headId;
  }

  void setHeadId(String id) {
    headId = id;
  }

  private StoreSync store() {
    return switch (sync) {
      case StoreSync store -> store;
      case RelaySync _ -> throw new IllegalStateException("the relay puts this stream in order");
    };
  }

  /// What keeps the home and the relay of one mind.
  public RelaySync relay() {
    return switch (sync) {
      case RelaySync relay -> relay;
      case StoreSync _ -> throw new IllegalStateException("no relay has this stream");
    };
  }

  // --- Publishing -------------------------------------------------------------------------------

  /// Takes a publish whose turn it is.
  void admit(PublishRequest request, Answer<Published> answer) {
    if (!answers.begin(request, answer)) {
      return;
    }
    if (store().isDeclared()) {
      store().commits().commit(request, answer);
    } else {
      Publication publication = publication(request, head + 1);
      Published published = Published.of(publication, members.total());
      accept(new EncodedFrames(publication), request.holder());
      settle(request, answer, Outcome.done(published));
    }
  }

  Publication publication(PublishRequest request, long offset) {
    return new Publication(
        key,
        new StreamPosition(epoch, offset),
        host.newMessageId(),
        request.eventType(),
        request.clientId(),
        request.data(),
        host.nowMs());
  }

  /// How many members the channel has, on all shards.
  public int memberCount() {
    return members.total();
  }

  /// As [#accept(EncodedFrames, MemoryHolder)] for what somebody published elsewhere.
  void accept(EncodedFrames frames) {
    accept(frames, MemoryHolder.NODE);
  }

  /// Puts a publication at the head of the stream and hands it to the members. What cannot be
  /// encoded changes nothing.
  ///
  /// @param publisher on whose account it is in the recent log
  void accept(EncodedFrames frames, MemoryHolder publisher) {
    members.encode(frames);
    head = frames.offset();
    headId = frames.publication().id();
    log.append(frames, publisher, host.steadyMs());
    host.published(frames);
    members.deliver(frames);
  }

  /// Gives the outcome to the publisher and to whoever repeated its key.
  public void settle(PublishRequest request, Answer<Published> answer, Outcome<Published> outcome) {
    answers.settle(request, answer, outcome);
  }

  PublishAnswers answers() {
    return answers;
  }

  // --- Joining ----------------------------------------------------------------------------------

  /// Takes a join whose turn it is.
  void admit(JoinRequest request) {
    if (isLeftBehind(request.shard())) {
      if (!members.park(request, host.limits().waiting().requests())) {
        host.joinRefused(
            request,
            new Outcome.Refused<>(
                Refusal.SERVER_ERROR, "Too many wait to join this channel; try again"));
      }
      return;
    }
    members.add(request);
    host.membersChanged(key, members.total());
    host.joined(request, JoinAnswer.to(request, position(), log));
  }

  /// Whether a shard could not be given all it is behind.
  private boolean isLeftBehind(int shard) {
    return members.isBehind(shard) && !members.repair(shard, position(), log);
  }

  // --- What the store or the relay says ----------------------------------------------------------

  /// Begins where the stream stands.
  ///
  /// @param newest what there is of it, oldest first, without holes, ending at `position`
  void load(StreamPosition position, List<Publication> newest) {
    epoch = position.epoch();
    head = position.offset();
    headId = newest.isEmpty() ? "" : newest.getLast().id();
    log.clear();
    for (Publication publication : newest) {
      log.append(new EncodedFrames(publication), MemoryHolder.NODE, host.steadyMs());
    }
  }

  /// Begins where the store has the stream.
  void load(OpenedStream stream) {
    load(stream.head(), stream.newest());
    answers.restore(stream);
  }

  /// Goes on with a stream of another epoch: members are told that what was before is void.
  void moveTo(StreamPosition position, List<Publication> newest) {
    load(position, newest);
    members.tellMoved(position);
  }

  /// As the store has it.
  void moveTo(OpenedStream stream) {
    host.idempotency().forget(key);
    moveTo(stream.head(), stream.newest());
    answers.restore(stream);
  }

  boolean isInEpochOf(StreamPosition position) {
    return epoch.equals(position.epoch());
  }

  /// The id of a publication that is at the head or in the recent log.
  @Nullable String idAt(long offset) {
    long newer = head - offset;
    if (newer == 0 && !headId.isEmpty()) {
      return headId;
    }
    return newer < 0 || newer >= log.size() ? null : log.idBehind((int) newer);
  }

  /// Tells members of publications that are in the stream but cannot be had any more.
  void skipTo(long offset) {
    long from = head + 1;
    log.clear();
    head = offset;
    headId = "";
    members.tellGap(epoch, from, offset);
  }

  /// Ends the stream: members are told and removed, and a new epoch begins.
  void end() {
    members.tellRemoved();
    log.clear();
    host.idempotency().forget(key);
    epoch = host.newEpoch();
    head = 0;
    headId = "";
  }
}
