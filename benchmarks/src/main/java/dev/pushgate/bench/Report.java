package dev.pushgate.bench;

import dev.pushgate.gateway.protocol.client.JsonText;
import dev.pushgate.gateway.protocol.client.JsonText.Verbatim;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Results for people and for programs. Immutable.
record Report(FanoutPlan plan, List<FanoutResult> results) {
  private static final double[] PERCENTILES = {50, 90, 99, 99.9};

  /// A table with a column for each server.
  String table() {
    StringBuilder table = new StringBuilder(headline());
    row(table, "", FanoutResult::name);
    row(table, "deliveries/s", result -> count(result.deliveriesPerSecond()));
    row(table, "publications/s", result -> count(result.publicationsPerSecond()));
    row(table, "server CPU per delivery", result -> micros(result.cpuMicrosPerDelivery()));
    for (double percentile : PERCENTILES) {
      row(
          table,
          "latency p" + (percentile % 1 == 0 ? "" + (int) percentile : "" + percentile),
          result -> micros(result.micros().getValueAtPercentile(percentile)));
    }
    row(table, "latency max", result -> micros(result.micros().getMaxValue()));
    row(table, "lost", result -> count(result.faults().lost()));
    row(table, "doubled or late", result -> count(result.faults().backward()));
    row(table, "offsets out of order", result -> count(result.faults().offsetFaults()));
    row(table, "refused publishes", result -> count(result.faults().refusedPublishes()));
    row(table, "broken connections", result -> count(result.faults().brokenConnections()));
    for (FanoutResult result : results) {
      result.troubles().forEach(trouble -> table.append(result.name() + ": " + trouble + "\n"));
    }
    return table.toString();
  }

  private String headline() {
    return "%,d subscribers, %,d publishers, %s, %,d bytes of data, %d s after %d s of warm-up%n"
        .formatted(
            plan.subscribers(),
            plan.publishers(),
            plan.rate() == 0 ? "as fast as answered" : plan.rate() + " publications/s",
            plan.size(),
            plan.duration().toSeconds(),
            plan.warmup().toSeconds());
  }

  private void row(StringBuilder table, String name, Function<FanoutResult, String> value) {
    table.append("%-24s".formatted(name));
    results.forEach(result -> table.append("%16s".formatted(value.apply(result))));
    table.append(System.lineSeparator());
  }

  private static String count(double value) {
    return String.format(Locale.ROOT, "%,.0f", value);
  }

  private static String micros(double value) {
    return Double.isNaN(value) ? "unknown" : String.format(Locale.ROOT, "%,.2f µs", value);
  }

  /// One JSON object on one line.
  String json() {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("subscribers", plan.subscribers());
    report.put("publishers", plan.publishers());
    report.put("rate", plan.rate());
    report.put("dataBytes", plan.size());
    report.put(
        "results",
        new Verbatim(
            results.stream().map(Report::json).collect(Collectors.joining(",", "[", "]"))));
    return JsonText.object(report);
  }

  private static String json(FanoutResult result) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("server", result.name());
    json.put("nanos", result.nanos());
    json.put("publications", result.publications());
    json.put("deliveries", result.deliveries());
    result.cpuNanos().ifPresent(nanos -> json.put("serverCpuNanos", nanos));
    for (double percentile : PERCENTILES) {
      json.put(
          "latencyMicrosP" + Double.toString(percentile).replaceAll("\\.0$|\\.", ""),
          result.micros().getValueAtPercentile(percentile));
    }
    json.put("latencyMicrosMax", result.micros().getMaxValue());
    json.put("lost", result.faults().lost());
    json.put("backward", result.faults().backward());
    json.put("offsetFaults", result.faults().offsetFaults());
    json.put("refusedPublishes", result.faults().refusedPublishes());
    json.put("brokenConnections", result.faults().brokenConnections());
    return JsonText.object(json);
  }
}
