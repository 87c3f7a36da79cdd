package dev.pushgate.core.channel;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.publication.EncodedFrames;
import dev.pushgate.core.publication.IdempotencyKey;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.publication.PublishRequest;
import dev.pushgate.core.publication.Published;
import dev.pushgate.core.publication.WireFormat;
import dev.pushgate.core.store.DeclaredChannel;
import dev.pushgate.core.store.OpenedStream;
import dev.pushgate.core.store.RememberedAnswer;
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
  private final StoreSync sync;
  private String epoch;
  private long head;

  /// @param declared whether the stream goes on where the store has it; otherwise it begins a new
  ///     epoch
  public ChannelHome(ChannelKey key, HomeHost host, boolean declared) {
    this.key = key;
    this.host = host;
    this.log =
        new RecentLog(
            host.logBudget(), host.limits().log().messages(), host.limits().log().bytes());
    this.members = new ShardMembership(host.shards());
    this.epoch = host.newEpoch();
    this.sync = new StoreSync(this, host, declared);
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
    sync.ask(answer);
  }

  /// Puts a message into the stream and answers when it is there for good.
  public void publish(PublishRequest request, Answer<Published> answer) {
    sync.publish(request, answer);
  }

  /// Makes a subscriber a member. Answered through [HomeHost#joined], perhaps later.
  public void join(JoinRequest request) {
    sync.join(request);
  }

  /// One member of a shard is gone.
  public void leave(int shard) {
    members.remove(shard);
    host.membersChanged(key, members.total());
  }

  /// Declares the channel; its stream goes on.
  public void declare(DeclaredChannel channel, Answer<DeclaredChannel> answer) {
    sync.declare(channel, answer);
  }

  /// Deletes the declared channel; its members are told and removed, and its stream ends.
  public void delete(Answer<ChannelKey> answer) {
    sync.delete(answer);
  }

  /// Gives a shard that has room again what it is behind.
  public void catchUp(int shard) {
    if (members.isBehind(shard) && !repair(shard)) {
      return;
    }
    JoinRequest parked = members.nextParked(shard);
    while (parked != null) {
      admit(parked);
      parked = members.isBehind(shard) ? null : members.nextParked(shard);
    }
  }

  /// Whether nothing would be lost but the recent log if this home were forgotten.
  public boolean isForgettable() {
    return members.total() == 0 && !members.hasParked() && sync.isQuiet();
  }

  /// Gives back what the home holds of its shard's memory. The home is not used afterwards.
  public void forget() {
    log.clear();
  }

  long head() {
    return head;
  }

  // --- Publishing -------------------------------------------------------------------------------

  /// Takes a publish whose turn it is.
  void admit(PublishRequest request, Answer<Published> answer) {
    IdempotencyKey idempotencyKey = request.idempotencyKey();
    if (idempotencyKey != null
        && !host.idempotency().begin(key, idempotencyKey, answer, host.nowMs())) {
      return;
    }
    if (sync.isDeclared()) {
      sync.commits().commit(request, answer);
    } else {
      Publication publication = publication(request, head + 1);
      Published published = Published.of(publication, members.total());
      accept(new EncodedFrames(publication));
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

  int memberCount() {
    return members.total();
  }

  /// Puts a publication at the head of the stream and hands it to the members.
  void accept(EncodedFrames frames) {
    head = frames.offset();
    log.append(frames, host.nowMs());
    host.published(frames);
    if (members.total() == 0) {
      return;
    }
    for (WireFormat format : members.formats()) {
      frames.in(format); // encoded here once, for all shards
    }
    for (int shard = 0; shard < members.shards(); shard++) {
      if (members.hasMembers(shard) && !members.isBehind(shard) && !host.deliver(shard, frames)) {
        members.setBehind(shard, frames.offset());
      }
    }
  }

  /// Gives the outcome to the publisher and to whoever repeated its key.
  public void settle(PublishRequest request, Answer<Published> answer, Outcome<Published> outcome) {
    IdempotencyKey idempotencyKey = request.idempotencyKey();
    if (idempotencyKey != null) {
      host.idempotency().settle(key, idempotencyKey, outcome, expiry(host.nowMs()));
    }
    answer.give(outcome);
  }

  /// Gives the answer that is remembered under the request's key, if one is; needs no store.
  boolean repeat(PublishRequest request, Answer<Published> answer) {
    IdempotencyKey idempotencyKey = request.idempotencyKey();
    return idempotencyKey != null
        && host.idempotency().repeat(key, idempotencyKey, answer, host.nowMs());
  }

  @Nullable RememberedAnswer remembered(PublishRequest request, Published published) {
    IdempotencyKey idempotencyKey = request.idempotencyKey();
    return idempotencyKey == null
        ? null
        : new RememberedAnswer(idempotencyKey, published, expiry(published.createdAtMs()));
  }

  private long expiry(long fromMs) {
    return fromMs + host.limits().idempotency().ttl().toMillis();
  }

  // --- Joining ----------------------------------------------------------------------------------

  /// Takes a join whose turn it is.
  void admit(JoinRequest request) {
    if (members.isBehind(request.shard()) && !repair(request.shard())) {
      if (!members.park(request, host.limits().waiting().requests())) {
        host.joinRefused(
            request,
            new Outcome.Refused<>(
                Refusal.RELAY_UNAVAILABLE, "Too many wait to join this channel; try again"));
      }
      return;
    }
    members.add(request);
    host.membersChanged(key, members.total());
    host.joined(request, answerTo(request.start()));
  }

  private JoinAnswer answerTo(Start start) {
    return switch (start) {
      case Start.Live _ -> new JoinAnswer(position(), null, List.of());
      case Start.Rewind(int count) -> new JoinAnswer(position(), null, log.newest(count));
      case Start.Since(StreamPosition since) -> resume(since);
    };
  }

  private JoinAnswer resume(StreamPosition since) {
    long missed = head - since.offset();
    boolean recovered = since.epoch().equals(epoch) && missed >= 0 && missed <= log.size();
    return new JoinAnswer(position(), recovered, recovered ? log.newest(missed) : List.of());
  }

  // --- Members who cannot be given everything ---------------------------------------------------

  /// True when the shard has everything again. What the recent log no longer holds becomes a gap.
  private boolean repair(int shard) {
    long from = members.behindFrom(shard);
    List<EncodedFrames> missed = log.newest(head - from + 1);
    long firstLeft = head - missed.size() + 1;
    if (firstLeft > from) {
      host.gap(shard, key, epoch, from, firstLeft - 1);
    }
    for (EncodedFrames frames : missed) {
      if (!host.deliver(shard, frames)) {
        members.setBehind(shard, frames.offset());
        return false;
      }
    }
    members.setBehind(shard, 0);
    return true;
  }

  // --- What the store says ----------------------------------------------------------------------

  /// Begins where the store has the stream.
  void load(OpenedStream stream) {
    epoch = stream.head().epoch();
    head = stream.head().offset();
    log.clear();
    for (Publication publication : stream.newest()) {
      log.append(new EncodedFrames(publication), host.nowMs());
    }
    host.idempotency().restore(key, stream.answers());
  }

  /// Goes on with a stream of another epoch: members are told that what was before is void.
  void moveTo(OpenedStream stream) {
    host.idempotency().forget(key);
    load(stream);
    for (int shard = 0; shard < members.shards(); shard++) {
      if (members.hasMembers(shard)) {
        members.setBehind(shard, 0);
        host.moved(shard, key, position());
      }
    }
  }

  boolean isInEpochOf(OpenedStream stream) {
    return epoch.equals(stream.head().epoch());
  }

  /// Tells members of publications that are in the stream but cannot be had any more.
  void skipTo(long offset) {
    long from = head + 1;
    log.clear();
    head = offset;
    for (int shard = 0; shard < members.shards(); shard++) {
      if (members.hasMembers(shard) && !members.isBehind(shard)) {
        host.gap(shard, key, epoch, from, offset);
      }
    }
  }

  /// Ends the stream: members are told and removed, and a new epoch begins.
  void end() {
    for (int shard = 0; shard < members.shards(); shard++) {
      if (members.hasMembers(shard)) {
        members.setBehind(shard, 0);
        host.remove(shard, key);
      }
    }
    log.clear();
    host.idempotency().forget(key);
    epoch = host.newEpoch();
    head = 0;
  }
}
