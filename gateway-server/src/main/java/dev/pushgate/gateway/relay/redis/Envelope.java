package dev.pushgate.gateway.relay.redis;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.publication.Publication;

/// What comes through a channel's pub/sub channel, and what its stream keeps. Immutable.
sealed interface Envelope {
  ChannelKey key();

  /// @param previousId the id of the publication before it in its epoch; empty for the first
  record Message(Publication publication, String previousId) implements Envelope {
    @Override
    public ChannelKey key() {
      return publication.key();
    }
  }

  /// The stream lost its past and goes on in another epoch.
  record NewEpoch(ChannelKey key, String epoch) implements Envelope {}

  /// The channel was deleted.
  record Ended(ChannelKey key) implements Envelope {}

  /// A channel's roster changed.
  ///
  /// @param epoch of the roster
  /// @param version of the roster
  /// @param body what the script that changed it was given for this
  record Roster(ChannelKey key, String epoch, long version, byte[] body) implements Envelope {}
}
