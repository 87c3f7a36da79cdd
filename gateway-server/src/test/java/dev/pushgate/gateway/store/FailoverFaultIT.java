package dev.pushgate.gateway.store;

import static dev.pushgate.gateway.store.OneChannel.SOON;
import static dev.pushgate.gateway.store.OneChannel.awaitAway;
import static dev.pushgate.gateway.store.OneChannel.range;
import static dev.pushgate.gateway.store.OwnershipLocks.awaitRecovered;
import static dev.pushgate.gateway.store.Stages.await;
import static dev.pushgate.gateway.store.Stages.isDone;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.store.dialect.StoreConfig;
import dev.pushgate.gateway.testing.PostgresProcess;
import dev.pushgate.gateway.testing.TcpProxy;
import dev.pushgate.gateway.testing.TestDatabase;
import java.time.Clock;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A primary that comes back as a standby, behind an address that leads to the new primary later.
@Timeout(300)
class FailoverFaultIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  @Test
  void theStoreGoesOnWithTheNewPrimaryWhenTheAddressHasMoved() {
    try (PostgresProcess old = PostgresProcess.start();
        TcpProxy address = new TcpProxy(old.port())) {
      StoreConfig config = behind(address, old.freshDatabase());
      try (SqlStore store = SqlStore.open(config, Clock.systemUTC())) {
        OneChannel channel = OneChannel.declaredIn(store);
        channel.append(1, 20).forEach(Stages::await);
        old.kill();
        try (PostgresProcess primary = old.copy()) {
          old.launchAsStandby();
          primary.launch();
          isReadOnly(store, channel);
          address.lead(primary.port());
          awaitRecovered(config, store);
          goesOn(store, channel);
        }
      }
    }
  }

  private static void isReadOnly(SqlStore store, OneChannel channel) {
    // Nobody publishes: that the standby cannot be written is found all the same, and what it has
    // is read.
    awaitAway(store);
    Awaitility.await()
        .atMost(SOON)
        .until(() -> String.valueOf(store.health().trouble()).contains("SQLSTATE 25006"));
    assertThat(store.health().trouble()).contains("read-only transaction");
    assertThat(isDone(channel.append(21))).isFalse();
    Awaitility.await().atMost(SOON).until(() -> isDone(store.catalog().find(channel.key())));
  }

  private static void goesOn(SqlStore store, OneChannel channel) {
    assertThat(channel.openedEventually().head().offset()).isEqualTo(20);
    await(channel.append(21));
    assertThat(channel.offsets()).isEqualTo(range(1, 21));
    assertThat(store.health().owned()).isTrue();
    assertThat(store.health().trouble()).isNull();
  }

  private static StoreConfig behind(TcpProxy address, TestDatabase database) {
    return Backend.at(
        new TestDatabase(
            database.url().replaceFirst(":\\d+/", ":" + address.port() + "/"),
            database.user(),
            database.password()),
        TIMEOUT);
  }
}
