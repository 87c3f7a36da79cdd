package dev.pushgate.core.channel;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.presence.Rosters;
import dev.pushgate.core.publication.EncodedPresence;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the presence of a channel has around it, at its home. What is sent to one shard arrives
/// there in the order it was sent.
public interface PresenceHost {
  /// Milliseconds of a clock that is never set: only differences mean something.
  long steadyMs();

  int shards();

  Rosters rosters();

  /// Runs `task` on the home's thread soon. Called on any thread.
  void runAtHome(ChannelKey key, Runnable task);

  /// Runs `task` on the home's thread later.
  void runLater(ChannelKey key, Runnable task, Duration delay);

  /// Tells a shard's attendants that were told who is present what changed since.
  void changed(int shard, ChannelKey key, List<EncodedPresence> changes);

  /// Tells new attendants of a shard who is present; from now on they are told of changes.
  void state(int shard, List<Attendant> newcomers, EncodedPresence state);

  /// The info that an attendant gave is what the roster has.
  void updated(Attendant attendant, @Nullable String ref);

  /// What an attendant asked for was refused.
  ///
  /// @param ends whether it is not present through this connection, and counts no more
  void refused(Attendant attendant, @Nullable String ref, Outcome.Refused<?> refused, boolean ends);
}
