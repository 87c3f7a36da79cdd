package dev.pushgate.bench;

import dev.pushgate.gateway.cli.KeyOptions;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `pushgate bench fanout`. Confined to one command.
@Command(
    name = "fanout",
    showDefaultValues = true,
    description = {
      "Publish to many subscribers of one channel; check that each gets every message once and in"
          + " order.",
      "Without --url a gateway of its own is started and ended."
    })
final class Fanout implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--subscribers",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Connections that listen.")
  private int subscribers;

  @Option(
      names = "--publishers",
      paramLabel = "N",
      defaultValue = "1",
      description = "Connections that publish.")
  private int publishers;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "0",
      description = "Publications a second over all publishers; 0 for as many as are answered.")
  private int rate;

  @Option(
      names = "--size",
      paramLabel = "BYTES",
      defaultValue = "100",
      description = "Size of a message's data.")
  private int size;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "10",
      description = "How long to measure.")
  private int seconds;

  @Option(
      names = "--warmup",
      paramLabel = "N",
      defaultValue = "3",
      description = "Seconds of load before that.")
  private int warmup;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "Threads of the load generator.")
  private int threads;

  @Option(names = "--url", paramLabel = "URL", description = "A gateway that runs already.")
  private @Nullable URI url;

  @Option(
      names = "--listen-url",
      paramLabel = "URL",
      split = ",",
      description = {
        "Other nodes of its cluster: measured too are subscribers on these, while publishers stay",
        "on --url."
      })
  private List<URI> listenUrls = List.of();

  /// A secret key of it.
  @Mixin private KeyOptions keys = new KeyOptions();

  @Option(
      names = "--pid",
      paramLabel = "PID",
      description = "Its process, to measure its CPU time.")
  private @Nullable Long pid;

  @Option(
      names = "--floor",
      description = "Measure the floor too: a page of C that does nothing but send.")
  private boolean withFloor;

  @Option(names = "--json", description = "Print JSON.")
  private boolean asJson;

  @Override
  public Integer call() {
    FanoutPlan plan = plan();
    Servers servers = new Servers(Path.of(System.getProperty("bench.home", ".")).toAbsolutePath());
    List<FanoutResult> results = new ArrayList<>();
    if (url == null) {
      check(listenUrls.isEmpty(), "--listen-url goes with --url");
      results.add(servers.withGateway(target -> measure(plan, target)));
    } else {
      results.add(measure(plan, running(url, List.of(url))));
      if (!listenUrls.isEmpty()) {
        results.add(measure(plan, running(url, listenUrls)));
      }
    }
    if (withFloor) {
      results.add(servers.withFloor(target -> measure(plan, target)));
    }
    Report report = new Report(plan, results);
    spec.commandLine().getOut().println(asJson ? report.json() : report.table());
    spec.commandLine().getOut().flush();
    results.forEach(this::explain);
    return results.stream().allMatch(FanoutResult::isSound) ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  /// Whoever looks at the rates alone would not see that nothing was measured.
  private void explain(FanoutResult result) {
    if (result.deliveries() == 0) {
      String why = result.troubles().isEmpty() ? "" : ": " + result.troubles().getFirst();
      spec.commandLine()
          .getErr()
          .println(
              "pushgate: nothing was delivered while " + result.name() + " was measured" + why);
      spec.commandLine().getErr().flush();
    }
  }

  private FanoutPlan plan() {
    check(
        subscribers > 0 && publishers > 0 && threads > 0 && seconds > 0, "a number is at least 1");
    check(rate >= 0 && warmup >= 0 && size >= 0, "a number is not negative");
    return new FanoutPlan(
        subscribers,
        publishers,
        rate,
        size,
        Duration.ofSeconds(warmup),
        Duration.ofSeconds(seconds),
        Duration.ofSeconds(30),
        threads);
  }

  private Target running(URI gateway, List<URI> listenAt) {
    return new Target(
        listenAt.contains(gateway) ? "gateway" : "across nodes",
        address(gateway),
        listenAt.stream().map(this::address).toList(),
        keys.key(),
        true,
        pid == null ? OptionalLong.empty() : OptionalLong.of(pid));
  }

  private InetSocketAddress address(URI gateway) {
    check(
        "http".equals(gateway.getScheme()) && gateway.getHost() != null,
        "--url and --listen-url are http://HOST:PORT");
    return new InetSocketAddress(gateway.getHost(), gateway.getPort() < 0 ? 80 : gateway.getPort());
  }

  private static FanoutResult measure(FanoutPlan plan, Target target) {
    try {
      return new FanoutRun(plan, target).run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchFailedException("interrupted");
    }
  }

  private void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }
}
