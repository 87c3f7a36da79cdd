package dev.pushgate.core.shard;

import dev.pushgate.core.name.ChannelKey;
import org.jspecify.annotations.Nullable;

/// The channels of one session. Confined to its shard.
public final class SessionSubscriptions {
  public SessionSubscriptions(Shard shard, Subscriber subscriber, int limit) {
    throw new UnsupportedOperationException();
  }

  /// How many channels the session is a member of or is joining.
  public int size() {
    throw new UnsupportedOperationException();
  }

  /// Asks to join a channel. The answer comes through [Subscriber#subscribed] or
  /// [Subscriber#subscribeRefused]: at once when the session is a member already, which changes nothing.
  ///
  /// @return false, and nothing happens, when the session has as many channels as it may
  public boolean subscribe(ChannelKey key, Start start, @Nullable String ref) {
    throw new UnsupportedOperationException();
  }

  /// Leaves a channel; nothing of it is written to the session afterwards. Does nothing when the session is
  /// no member. A join that is still unanswered is called off: if it had a ref, it is refused.
  public void unsubscribe(ChannelKey key) {
    throw new UnsupportedOperationException();
  }

  /// Leaves all channels, for good.
  public void close() {
    throw new UnsupportedOperationException();
  }
}
