package dev.pushgate.core.shard;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.publication.EncodedFrames;
import dev.pushgate.core.publication.WireFormat;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A session as the engine sees it. Confined to its shard: every method is called on the shard's
/// loop, and none may call back into the shard's subscriptions before it returns. None should
/// throw; one that does is told [#fail] at the end of the turn, and nothing before that.
public interface Subscriber {
  WireFormat wireFormat();

  /// On whose account it is kept what this one subscribes to.
  MemoryHolder holder();

  /// Whether this one may be a member of the channel as things are now. Asked when a join is
  /// answered and again when the channel's settings or the session's rights change.
  boolean maySubscribe(ChannelKey key);

  /// Queues whole frames for the socket without flushing. The buffer is the caller's and shared by
  /// many subscribers: what is kept of it is a retained duplicate.
  void write(ByteBuf frames);

  /// Hands what was queued to the socket.
  void flush();

  /// Whether more is queued than the session's limit allows. Asked after a fan-out's walk.
  boolean isSlow();

  /// Closes the session as a slow consumer. Called after the walk, never during it; perhaps more
  /// than once.
  void closeSlow();

  /// Closes the session because it could not be given what it was due, so that it comes back and
  /// resumes. Called after the walk, never during it.
  void fail(Throwable cause);

  /// A subscribe was answered, or, without ref and replay and with `recovered` false, the stream of
  /// a member began a new epoch. The replay goes out behind the answer, oldest first, in one piece
  /// with it.
  ///
  /// @param ref what the client called this request, or null
  /// @param head the newest position at the moment of joining
  /// @param recovered whether everything since the asked position is in `replay`; null when no
  ///     position was asked for. Asked again by a member: whether everything since then was given
  ///     to it on this connection
  void subscribed(
      ChannelKey key,
      @Nullable String ref,
      StreamPosition head,
      @Nullable Boolean recovered,
      List<EncodedFrames> replay);

  /// A subscribe was refused; the session is not a member.
  void subscribeRefused(ChannelKey key, @Nullable String ref, Outcome.Refused<?> refused);

  /// The channel was taken away from its member.
  ///
  /// @param refused why, when the member may no longer stay; null when the channel was deleted
  void removed(ChannelKey key, Outcome.@Nullable Refused<?> refused);

  /// Publications `from` to `to`, both included, cannot be given to this member.
  void gap(ChannelKey key, String epoch, long from, long to);

  /// This one is present in the channel now; the frame that tells who else is was written just
  /// before.
  void entered(ChannelKey key);

  /// What this one said of itself is known to all who are present.
  void presenceUpdated(ChannelKey key, @Nullable String ref);

  /// This one is not present, or, when it was already, says of itself what it said before.
  ///
  /// @param ref of the update that was refused; null when it is not present
  void presenceRefused(ChannelKey key, @Nullable String ref, Outcome.Refused<?> refused);
}
