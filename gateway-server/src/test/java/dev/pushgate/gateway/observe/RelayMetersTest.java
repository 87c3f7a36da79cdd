package dev.pushgate.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.relay.redis.RelayObserver.Drop;
import dev.pushgate.gateway.relay.redis.Trouble;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RelayMetersTest {
  private final Metrics metrics = new Metrics();
  private final RelayMeters meters = new RelayMeters(metrics);

  @AfterEach
  void close() {
    metrics.close();
  }

  @Test
  void whatHappensAtTheRelayIsCounted() {
    meters.bind(
        List.of("a:1", "b:2"),
        shard -> shard.equals("a:1") ? 700 : 900,
        shard -> shard.equals("a:1") ? new Trouble(Trouble.Kind.OOM, "OOM no memory") : null);
    meters.dialled("a:1");
    meters.failed("b:2");
    meters.publishRefused();
    meters.arrived(1_500);
    meters.arrived(-20);
    meters.dropped(Drop.SECRET);
    meters.read(12);
    meters.epochBegan();
    meters.unheard();

    assertThat(metrics.scrape())
        .contains(
            "\npushgate_relay_canary_age_seconds{relay=\"a:1\"} 0.7\n",
            "\npushgate_relay_canary_age_seconds{relay=\"b:2\"} 0.9\n",
            "\npushgate_relay_trouble{reason=\"OOM\",relay=\"a:1\"} 1.0\n",
            "\npushgate_relay_trouble{reason=\"READONLY\",relay=\"a:1\"} 0.0\n",
            "\npushgate_relay_trouble{reason=\"OOM\",relay=\"b:2\"} 0.0\n",
            "\npushgate_relay_dials_total{relay=\"a:1\"} 1.0\n",
            "\npushgate_relay_dials_total{relay=\"b:2\"} 0.0\n",
            "\npushgate_relay_errors_total{relay=\"b:2\"} 1.0\n",
            "\npushgate_relay_publishes_refused_total 1.0\n",
            "\npushgate_relay_dropped_total{reason=\"secret\"} 1.0\n",
            "\npushgate_relay_dropped_total{reason=\"shape\"} 0.0\n",
            "\npushgate_relay_reads_total 1.0\n",
            "\npushgate_relay_repaired_total 12.0\n",
            "\npushgate_relay_epochs_total 1.0\n",
            "\npushgate_relay_unheard_total 1.0\n",
            "\npushgate_relay_lag_seconds_count 2\n",
            "\npushgate_relay_lag_seconds_sum 1.5\n");
  }

  @Test
  void anUnknownRedisIsNoLabel() {
    meters.dialled("c:3");

    assertThat(metrics.scrape()).doesNotContain("c:3");
  }
}
