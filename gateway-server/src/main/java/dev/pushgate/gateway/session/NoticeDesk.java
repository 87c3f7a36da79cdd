package dev.pushgate.gateway.session;

import dev.pushgate.core.cluster.Notice;
import dev.pushgate.core.cluster.Notices;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.pace.RateLimitedLog;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.LoggerFactory;

/// Where this node hears what nodes tell each other, and has it done. Thread-safe; what it is given
/// must not block.
public final class NoticeDesk implements Notices.Listener {
  private final NodeSessions sessions;
  private final Runnable keysChanged;
  private final Consumer<ChannelKey> channelChanged;
  private final Runnable missedSome;
  private final RateLimitedLog faults;

  /// @param keysChanged reads keys and apps again
  /// @param channelChanged reads a channel's declaration again
  /// @param missedSome reads all that notices tell of again
  /// @param nanoTime as [System#nanoTime]
  public NoticeDesk(
      NodeSessions sessions,
      Runnable keysChanged,
      Consumer<ChannelKey> channelChanged,
      Runnable missedSome,
      LongSupplier nanoTime) {
    this.sessions = sessions;
    this.keysChanged = keysChanged;
    this.channelChanged = channelChanged;
    this.missedSome = missedSome;
    this.faults = new RateLimitedLog(LoggerFactory.getLogger(NoticeDesk.class), nanoTime);
  }

  @Override
  public void accept(Notice notice) {
    carefully(() -> handle(notice));
  }

  @Override
  public void missedSome() {
    carefully(missedSome);
  }

  private void handle(Notice notice) {
    switch (notice) {
      case Notice.KeysChanged() -> keysChanged.run();
      case Notice.ChannelChanged(ChannelKey key) -> channelChanged.accept(key);
      case Notice.Disconnect disconnect ->
          sessions.disconnect(disconnect.app(), disconnect.target());
      case Notice.Unsubscribe unsubscribe ->
          sessions.unsubscribe(unsubscribe.app(), unsubscribe.target(), unsubscribe.key());
    }
  }

  /// Whoever brings notices goes on to the next, whatever one of them leads to.
  private void carefully(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      faults.warn("A notice was not carried out", e);
    }
  }
}
