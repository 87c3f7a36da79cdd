package dev.pushgate.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.outcome.CloseReason;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.gateway.net.HttpObserver;
import dev.pushgate.gateway.net.loop.Transport;
import dev.pushgate.gateway.relay.redis.RelayObserver;
import dev.pushgate.gateway.relay.redis.Trouble;
import dev.pushgate.gateway.session.SessionCounters;
import dev.pushgate.gateway.store.StoreHealth;
import dev.pushgate.gateway.store.dialect.DatabaseSize;
import dev.pushgate.gateway.store.dialect.Fault;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private static final String REDIS = "redis-1:6379";

  private final Metrics metrics = new Metrics();
  private final EngineMeters engine = new EngineMeters(metrics);
  private final RestMeters rest = new RestMeters(metrics);
  private final HttpMeters http = new HttpMeters(metrics);
  private final SessionCounters sessions = new SessionCounters();
  private final RelayMeters relay = new RelayMeters(metrics);

  MetricsTest() {
    SessionMeters.bind(List.of(sessions), metrics);
    StoreMeters.bind(
        () -> new StoreHealth(true, "locked", true, 3, 400, 1, 2, 8, 5),
        () -> new DatabaseSize(70_000, 800),
        fault -> 10 + fault.ordinal(),
        () -> 6,
        metrics);
    ShardMeters.bind(List.of(), metrics);
    http.connections(() -> 12);
    BuildMeters.bind("1.2.3", Transport.NIO, metrics);
    relay.bind(List.of(REDIS), _ -> 0, _ -> null);
  }

  @AfterEach
  void close() {
    metrics.close();
  }

  @Test
  void everyMeterIsInTheScrapeBeforeAnythingHappens() {
    assertThat(families())
        .contains(
            "pushgate_build_info",
            "pushgate_bytes_received_total",
            "pushgate_bytes_sent_total",
            "pushgate_channels",
            "pushgate_connections",
            "pushgate_connections_closed_total",
            "pushgate_connections_opened_total",
            "pushgate_connections_turned_away_total",
            "pushgate_deliveries_total",
            "pushgate_delivered_bytes_total",
            "pushgate_fanout_seconds",
            "pushgate_frames_received_total",
            "pushgate_gaps_total",
            "pushgate_held_back_total",
            "pushgate_http_connections",
            "pushgate_messages_acknowledged_total",
            "pushgate_publications_total",
            "pushgate_publish_seconds",
            "pushgate_relay_canary_age_seconds",
            "pushgate_relay_dials_total",
            "pushgate_relay_dropped_total",
            "pushgate_relay_epochs_total",
            "pushgate_relay_errors_total",
            "pushgate_relay_lag_seconds",
            "pushgate_relay_publishes_refused_total",
            "pushgate_relay_reads_total",
            "pushgate_relay_repaired_total",
            "pushgate_relay_trouble",
            "pushgate_relay_unheard_total",
            "pushgate_refusals_total",
            "pushgate_shard_failures_total",
            "pushgate_slow_consumers_total",
            "pushgate_store_bytes",
            "pushgate_store_failures_total",
            "pushgate_store_owned",
            "pushgate_store_pool_active",
            "pushgate_store_pool_idle",
            "pushgate_store_pool_max",
            "pushgate_store_pool_waiting",
            "pushgate_store_queue",
            "pushgate_store_queue_bytes",
            "pushgate_store_reachable",
            "pushgate_store_refusing",
            "pushgate_store_wal_bytes",
            "pushgate_subscriptions",
            "jvm_memory_used_bytes",
            "jvm_threads_live_threads",
            "process_cpu_seconds_total",
            "process_cpu_usage",
            "process_files_open_files",
            "process_uptime_seconds");
  }

  @Test
  void whatIsCountedAndGaugedOutlivesTheGarbageCollector() {
    AtomicLong value = new AtomicLong(1);
    metrics.counter("test.count", "help", () -> value.get());
    metrics.gauge("test.gauge", "help", () -> value.get());
    assertThat(metrics.scrape()).contains("\ntest_count_total 1.0\n");

    collectGarbage();
    value.set(2);

    assertThat(metrics.scrape()).contains("\ntest_count_total 2.0\n", "\ntest_gauge 2.0\n");
  }

  private static void collectGarbage() {
    WeakReference<Object> garbage = new WeakReference<>(new Object());
    while (garbage.get() != null) {
      System.gc();
      Thread.onSpinWait();
    }
  }

  @Test
  void ourLabelsComeFromEnumsAndSettingsAlone() {
    Set<String> codes = Arrays.stream(Refusal.values()).map(Enum::name).collect(Collectors.toSet());
    Set<String> closeCodes =
        Arrays.stream(CloseReason.values())
            .map(reason -> Integer.toString(reason.code()))
            .collect(Collectors.toSet());
    Set<String> statuses =
        HttpObserver.STATUSES.stream().map(String::valueOf).collect(Collectors.toSet());
    Map<String, Set<String>> allowed =
        Map.of(
            "code",
                Stream.of(codes, closeCodes, statuses)
                    .flatMap(Set::stream)
                    .collect(Collectors.toSet()),
            "via", Set.of("rest", "websocket", "http"),
            "reason",
                Stream.concat(
                        Arrays.stream(RelayObserver.Drop.values())
                            .map(reason -> reason.name().toLowerCase(Locale.ROOT)),
                        Arrays.stream(Trouble.Kind.values()).map(Enum::name))
                    .collect(Collectors.toSet()),
            "relay", Set.of(REDIS),
            "kind",
                Arrays.stream(Fault.values())
                    .map(fault -> fault.name().toLowerCase(Locale.ROOT))
                    .collect(Collectors.toSet()),
            "version", Set.of("1.2.3"),
            "java", Set.of(Integer.toString(Runtime.version().feature())),
            "transport", Set.of("nio"));

    labels()
        .forEach(
            (label, values) ->
                assertThat(allowed.getOrDefault(label, Set.of())).containsAll(values));
    assertThat(labels())
        .containsOnlyKeys("code", "java", "kind", "reason", "relay", "transport", "version", "via");
  }

  @Test
  void whatHappensIsCounted() {
    engine.published();
    engine.fannedOut(3, 100, 30_000, 2_000_000);
    engine.gap(2);
    rest.refused(Refusal.FORBIDDEN);
    rest.published(1, 700_000);
    http.refused(413);
    sessions.opened();
    sessions.opened();
    sessions.closed(CloseReason.SLOW_CONSUMER);
    sessions.refused(Refusal.RATE_LIMITED);

    assertThat(value("pushgate_publications_total")).isEqualTo(1);
    assertThat(value("pushgate_deliveries_total")).isEqualTo(300);
    assertThat(value("pushgate_delivered_bytes_total")).isEqualTo(30_000);
    assertThat(value("pushgate_gaps_total")).isEqualTo(2);
    assertThat(value("pushgate_fanout_seconds_count")).isEqualTo(1);
    assertThat(value("pushgate_fanout_seconds_sum")).isEqualTo(0.002);
    assertThat(value("pushgate_publish_seconds_count")).isEqualTo(1);
    assertThat(value("pushgate_refusals_total{code=\"FORBIDDEN\",via=\"rest\"}")).isEqualTo(1);
    assertThat(value("pushgate_refusals_total{code=\"RATE_LIMITED\",via=\"websocket\"}"))
        .isEqualTo(1);
    assertThat(value("pushgate_refusals_total{code=\"413\",via=\"http\"}")).isEqualTo(1);
    assertThat(value("pushgate_http_connections")).isEqualTo(12);
    assertThat(value("pushgate_connections")).isEqualTo(1);
    assertThat(value("pushgate_connections_closed_total{code=\"4101\"}")).isEqualTo(1);
    assertThat(value("pushgate_slow_consumers_total")).isEqualTo(1);
    assertThat(value("pushgate_store_queue")).isEqualTo(3);
    assertThat(value("pushgate_store_bytes")).isEqualTo(70_000);
    assertThat(value("pushgate_store_wal_bytes")).isEqualTo(800);
    assertThat(value("pushgate_store_refusing")).isEqualTo(1);
    assertThat(value("pushgate_store_failures_total{kind=\"refused\"}")).isEqualTo(12);
  }

  private double value(String sample) {
    return metrics
        .scrape()
        .lines()
        .filter(line -> line.startsWith(sample + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(sample.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no sample " + sample));
  }

  private Set<String> families() {
    return metrics
        .scrape()
        .lines()
        .filter(line -> line.startsWith("# TYPE "))
        .map(line -> line.split(" ", -1)[2])
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /// The labels of our own meters with all their values, but for the bounds of buckets.
  private Map<String, Set<String>> labels() {
    Map<String, Set<String>> labels = new TreeMap<>();
    Pattern label = Pattern.compile("[{,]([a-z]+)=\"([^\"]*)\"");
    metrics
        .scrape()
        .lines()
        .filter(line -> line.startsWith("pushgate_"))
        .forEach(
            line -> {
              Matcher matcher = label.matcher(line);
              while (matcher.find()) {
                if (!matcher.group(1).equals("le")) {
                  labels
                      .computeIfAbsent(matcher.group(1), name -> new TreeSet<>())
                      .add(matcher.group(2));
                }
              }
            });
    return labels;
  }
}
