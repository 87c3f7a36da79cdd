package dev.pushgate.gateway.relay.redis;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class DropsTest {
  private final AtomicLong nanos = new AtomicLong();
  private final CountingObserver observer = new CountingObserver();
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Drops drops = new Drops(observer, logger(), nanos::get);

  /// One of its own, so that nobody else's lines are among them.
  private Logger logger() {
    Logger logger = new LoggerContext().getLogger("drops");
    lines.start();
    logger.addAppender(lines);
    return logger;
  }

  @Test
  void eachReasonIsSaidOnceAMinuteWhateverElseIsDropped() {
    for (int i = 0; i < 3; i++) {
      drops.dropped(RelayObserver.Drop.SHAPE, "p:counts");
      drops.dropped(RelayObserver.Drop.SECRET, "p:notices");
      drops.dropped(RelayObserver.Drop.CHANNEL, "p:c:a/b");
      drops.dropped(RelayObserver.Drop.NO_ROOM, "p:c:a/b");
    }
    assertThat(said())
        .containsExactly(
            "dropped an envelope in p:counts: it is not of this version's schema",
            "dropped an envelope in p:notices: it is not authenticated with this node's"
                + " pushgate.cluster.secret",
            "dropped an envelope in p:c:a/b: it is of another channel");

    nanos.addAndGet(Duration.ofMinutes(1).toNanos());
    drops.dropped(RelayObserver.Drop.SECRET, "p:nodes");

    assertThat(said()).hasSize(4);
    assertThat(said().getLast()).contains("p:nodes").endsWith("(and 2 like it before)");
    assertThat(observer.drops)
        .isEqualTo(
            Map.of(
                RelayObserver.Drop.SHAPE, 3,
                RelayObserver.Drop.SECRET, 4,
                RelayObserver.Drop.CHANNEL, 3,
                RelayObserver.Drop.NO_ROOM, 3));
  }

  private List<String> said() {
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }
}
