package dev.pushgate.gateway.observe;

import com.sun.management.OperatingSystemMXBean;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Set;
import java.util.function.LongSupplier;

/// All meters of a node, and how Prometheus reads them. Thread-safe.
///
/// Meters are read when they are scraped: what happens on an event loop is counted there with an
/// addition and no more. Labels come from enums, numbers of shards and settings, never from what a
/// client chose.
public final class Metrics implements AutoCloseable {
  /// The content type of [#scrape].
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private static final Duration[] BUCKETS = {
    Duration.ofNanos(100_000),
    Duration.ofNanos(250_000),
    Duration.ofNanos(500_000),
    Duration.ofMillis(1),
    Duration.ofNanos(2_500_000),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5)
  };

  /// What the library names against Prometheus's rules: shown under other names.
  private static final Set<String> MISNAMED = Set.of("process.cpu.time", "system.cpu.count");

  private static final double NANOS_PER_SECOND = 1e9;

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics garbageCollector = new JvmGcMetrics();

  /// Begins with what the JVM and the process say of themselves.
  public Metrics() {
    registry.config().meterFilter(MeterFilter.deny(id -> MISNAMED.contains(id.getName())));
    garbageCollector.bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    FunctionCounter.builder("process.cpu", system, it -> it.getProcessCpuTime() / NANOS_PER_SECOND)
        .baseUnit("seconds")
        .description("Time that processors spent on this process")
        .register(registry);
    gauge(
        "system.cpus",
        "Processors that the JVM may use",
        Runtime.getRuntime()::availableProcessors);
  }

  /// Everything, in Prometheus's text format.
  public String scrape() {
    return registry.scrape(CONTENT_TYPE);
  }

  /// @param value read at each scrape; never falls
  void counter(String name, Tags tags, String help, LongSupplier value) {
    // What a counter is read from is held weakly, the function is not: so the function has it all.
    FunctionCounter.builder(name, registry, _ -> value.getAsLong())
        .tags(tags)
        .description(help)
        .register(registry);
  }

  void counter(String name, String help, LongSupplier value) {
    counter(name, Tags.empty(), help, value);
  }

  /// @param value read at each scrape
  void gauge(String name, Tags tags, String help, LongSupplier value) {
    Gauge.builder(name, value::getAsLong).tags(tags).description(help).register(registry);
  }

  /// @param millis read at each scrape, and shown in seconds
  void seconds(String name, Tags tags, String help, LongSupplier millis) {
    Gauge.builder(name, () -> millis.getAsLong() / 1_000.0)
        .tags(tags)
        .description(help)
        .baseUnit("seconds")
        .register(registry);
  }

  void gauge(String name, String help, LongSupplier value) {
    gauge(name, Tags.empty(), help, value);
  }

  Timer timer(String name, String help) {
    return Timer.builder(name).description(help).serviceLevelObjectives(BUCKETS).register(registry);
  }

  @Override
  public void close() {
    garbageCollector.close();
    registry.close();
  }
}
