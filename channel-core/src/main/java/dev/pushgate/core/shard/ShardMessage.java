package dev.pushgate.core.shard;

import dev.pushgate.core.channel.Answer;
import dev.pushgate.core.channel.JoinAnswer;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.presence.MemberId;
import dev.pushgate.core.presence.RosterChange;
import dev.pushgate.core.publication.EncodedFrames;
import dev.pushgate.core.publication.EncodedPresence;
import dev.pushgate.core.publication.PublishRequest;
import dev.pushgate.core.publication.Published;
import dev.pushgate.core.relay.Arrival;
import dev.pushgate.core.store.DeclaredChannel;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What can arrive in a shard's mailbox. Immutable.
sealed interface ShardMessage {

  /// This shard had no room for a publication. It stands behind everything that filled the mailbox:
  /// when it is read, there may be room.
  record HeldBack() implements ShardMessage {}

  /// For a shard in its role as home of channels.
  sealed interface ToHome extends ShardMessage {}

  record Publish(PublishRequest request, Answer<Published> answer) implements ToHome {}

  record Join(Subscription subscription) implements ToHome {}

  /// Nobody waits for this join's answer any more. It may be on its way.
  record CallOff(Subscription subscription) implements ToHome {}

  /// One member of `shard` is gone.
  record Leave(ChannelKey key, int shard) implements ToHome {}

  record Declare(DeclaredChannel channel, Answer<DeclaredChannel> answer) implements ToHome {}

  record Delete(ChannelKey key, Answer<ChannelKey> answer) implements ToHome {}

  /// Asks where a channel's stream stands; empty when nobody knows the channel.
  record AskPosition(ChannelKey key, Answer<Optional<StreamPosition>> answer) implements ToHome {}

  /// `shard` takes publications again.
  record Room(int shard) implements ToHome {}

  /// Something that a home waited for has come: the store's answer, or its time.
  record Resume(ChannelKey key, Runnable task) implements ToHome {}

  /// What the relay says to a home that follows it.
  sealed interface FromRelay extends ToHome {
    ChannelKey key();
  }

  record Arrived(Arrival arrival) implements FromRelay {
    @Override
    public ChannelKey key() {
      return arrival.publication().key();
    }
  }

  /// As [dev.pushgate.core.relay.RelayListener#confirmed].
  record Confirmed(ChannelKey key) implements FromRelay {}

  /// As [dev.pushgate.core.relay.RelayListener#missed].
  record Missed(ChannelKey key) implements FromRelay {}

  /// As [dev.pushgate.core.relay.RelayListener#doubtful].
  record Doubtful(ChannelKey key) implements FromRelay {}

  /// As [dev.pushgate.core.relay.RelayListener#ended].
  record Ended(ChannelKey key) implements FromRelay {}

  /// For the presence of a channel, at its home.
  sealed interface ToPresence extends ToHome {
    ChannelKey key();
  }

  /// A member wants to be present.
  record Enter(Attendance attendance, @Nullable String info) implements ToPresence {
    @Override
    public ChannelKey key() {
      return attendance.key();
    }
  }

  /// One who is present, or about to be, says something else of itself.
  record Update(Attendance attendance, String info, @Nullable String ref) implements ToPresence {
    @Override
    public ChannelKey key() {
      return attendance.key();
    }
  }

  /// An attendant is no member any more.
  record Exit(Attendance attendance) implements ToPresence {
    @Override
    public ChannelKey key() {
      return attendance.key();
    }
  }

  record RosterChanged(RosterChange change) implements ToPresence {
    @Override
    public ChannelKey key() {
      return change.key();
    }
  }

  /// As [dev.pushgate.core.presence.RosterListener#doubtful].
  record RosterDoubtful(ChannelKey key) implements ToPresence {}

  /// As [dev.pushgate.core.presence.RosterListener#holds].
  record RosterHolds(ChannelKey key, MemberId member) implements ToPresence {}

  /// Something that a channel's presence waited for has come: the roster's answer, or its time.
  record PresenceResume(ChannelKey key, Runnable task) implements ToPresence {}

  /// For a shard in its role as the place where members live.
  sealed interface ToMembers extends ShardMessage {
    ChannelKey key();
  }

  /// @param acceptedNanos when the publication got its place, as [System#nanoTime] counts
  record Deliver(EncodedFrames frames, long acceptedNanos) implements ToMembers {
    @Override
    public ChannelKey key() {
      return frames.publication().key();
    }
  }

  record Joined(Subscription subscription, JoinAnswer answer) implements ToMembers {
    @Override
    public ChannelKey key() {
      return subscription.key();
    }
  }

  record JoinRefused(Subscription subscription, Outcome.Refused<?> refused) implements ToMembers {
    @Override
    public ChannelKey key() {
      return subscription.key();
    }
  }

  record Gap(ChannelKey key, String epoch, long from, long to) implements ToMembers {}

  /// The stream goes on behind `head`, in a new epoch.
  record Moved(ChannelKey key, StreamPosition head) implements ToMembers {}

  /// The channel was deleted.
  record Remove(ChannelKey key) implements ToMembers {}

  /// The channel's settings changed: members who may not stay are to go.
  record Revisit(ChannelKey key) implements ToMembers {}

  /// For those members who are present and were told, or are about to be told, who else is.
  sealed interface ToAttendants extends ToMembers {}

  /// As [dev.pushgate.core.channel.PresenceHost#changed].
  record PresenceChanged(ChannelKey key, List<EncodedPresence> changes) implements ToAttendants {}

  /// As [dev.pushgate.core.channel.PresenceHost#state].
  record PresenceState(List<Attendance> newcomers, EncodedPresence state) implements ToAttendants {
    @Override
    public ChannelKey key() {
      return state.event().key();
    }
  }

  /// As [dev.pushgate.core.channel.PresenceHost#updated].
  record PresenceUpdated(Attendance attendance, @Nullable String ref) implements ToAttendants {
    @Override
    public ChannelKey key() {
      return attendance.key();
    }
  }

  /// As [dev.pushgate.core.channel.PresenceHost#refused].
  record PresenceRefused(
      Attendance attendance, @Nullable String ref, Outcome.Refused<?> refused, boolean ends)
      implements ToAttendants {
    @Override
    public ChannelKey key() {
      return attendance.key();
    }
  }
}
