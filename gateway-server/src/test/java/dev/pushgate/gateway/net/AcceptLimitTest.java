package dev.pushgate.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// When a listening socket is read from.
class AcceptLimitTest {
  private final EmbeddedChannel listening = new EmbeddedChannel(new AcceptLimit(3));
  private final List<EmbeddedChannel> accepted = new ArrayList<>();

  private void accept() {
    EmbeddedChannel next = new EmbeddedChannel();
    accepted.add(next);
    listening.writeInbound(next);
    assertThat(listening.<Object>readInbound()).isSameAs(next);
  }

  private void decide(int index) {
    AcceptLimit.decided(accepted.get(index));
    listening.runPendingTasks();
  }

  private static void close(EmbeddedChannel channel) {
    channel.close().syncUninterruptibly();
  }

  private boolean isAccepting() {
    return listening.config().isAutoRead();
  }

  @Test
  void noMoreAreAcceptedUntilSomeAreDecided() {
    accept();
    accept();
    assertThat(isAccepting()).isTrue();
    accept();
    assertThat(isAccepting()).isFalse();
    accept(); // which came in the same call of the system
    decide(0);
    assertThat(isAccepting()).isFalse();
    decide(0);
    assertThat(isAccepting()).isFalse();
    decide(1);
    assertThat(isAccepting()).isTrue();
    accept();
    assertThat(isAccepting()).isFalse();
  }

  @Test
  void whatIsClosedIsDecidedOnce() {
    accept();
    accept();
    accept();
    decide(0);
    close(accepted.get(0));
    listening.runPendingTasks();
    assertThat(isAccepting()).isTrue();
    accept();
    assertThat(isAccepting()).isFalse();
    close(accepted.get(1));
    listening.runPendingTasks();
    assertThat(isAccepting()).isTrue();
  }

  @Test
  void oneThatIsClosedWhileItIsRegisteredIsNotWaitedFor() {
    accept();
    accept();
    EmbeddedChannel closed = new EmbeddedChannel();
    close(closed);
    listening.writeInbound(closed);
    assertThat(isAccepting()).isTrue();
  }

  @Test
  void connectionsMayOutliveTheirListener() {
    accept();
    accept();
    accept();
    close(listening);
    decide(0);
    assertThat(accepted.getFirst().isOpen()).isTrue();
  }
}
