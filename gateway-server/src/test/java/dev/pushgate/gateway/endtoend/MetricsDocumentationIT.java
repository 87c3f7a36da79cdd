package dev.pushgate.gateway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.gateway.testing.RedisProcess;
import dev.pushgate.gateway.testing.TestPostgres;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What docs/operate.md says of meters, held against what whole nodes export: each name with its
/// labels, in both directions. And what Prometheus's own tool says of them, where it is installed.
class MetricsDocumentationIT {
  private static final Path DOCUMENT = Path.of("..", "docs", "operate.md");
  private static final String BEGIN = "## Metrics worth an alert";
  private static final Pattern NAME = Pattern.compile("`([a-z_0-9]+)(?:\\{([a-z,]+)})?`");
  private static final Pattern SAMPLE = Pattern.compile("([a-z_0-9]+)(?:\\{(.*)})? \\S+");
  private static final Pattern LABEL = Pattern.compile("([a-z]+)=\"[^\"]*\"");

  /// There are none before the first collection, and which there are is the collector's.
  private static final String COLLECTOR = "jvm_gc_";

  private static final String OF_A_CLUSTER = "pushgate_relay_";

  @TempDir private Path directory;

  @Test
  void aNodeAloneExportsWhatIsDocumented() throws Exception {
    Map<String, String> environment = Node.environment();
    environment.put("PUSHGATE_DATA_DIR", directory.toString());
    try (NodeInProcess node = NodeInProcess.start(environment)) {
      SortedMap<String, Set<String>> documented = documented();
      documented.keySet().removeIf(name -> name.startsWith(OF_A_CLUSTER));
      isAsDocumented(node, documented);
    }
  }

  @Test
  void aNodeOfAClusterExportsWhatIsDocumented() throws Exception {
    try (RedisProcess redis = RedisProcess.start();
        Cluster cluster = new Cluster(redis, TestPostgres.freshDatabase())) {
      isAsDocumented(cluster.startInProcess(), documented());
    }
  }

  private static void isAsDocumented(NodeInProcess node, SortedMap<String, Set<String>> documented)
      throws Exception {
    String scrape = node.management().get("/metrics").body();
    SortedMap<String, Set<String>> exported = exported(scrape);
    assertThat(lines(documented)).containsAll(lines(exported));
    documented.keySet().removeIf(name -> name.startsWith(COLLECTOR));
    assertThat(lines(exported)).containsAll(lines(documented));
    promtoolHasNothingToSay(scrape);
  }

  private static List<String> lines(SortedMap<String, Set<String>> names) {
    return names.entrySet().stream().map(one -> one.getKey() + one.getValue()).toList();
  }

  /// Name → labels.
  private static SortedMap<String, Set<String>> documented() throws IOException {
    String text = Files.readString(DOCUMENT);
    int begin = text.indexOf(BEGIN);
    String section = text.substring(begin, text.indexOf("\n## ", begin));
    SortedMap<String, Set<String>> names = new TreeMap<>();
    section
        .lines()
        .filter(line -> line.startsWith("| `"))
        .map(line -> line.split(" \\| ", -1)[0])
        .flatMap(cell -> NAME.matcher(cell).results())
        .forEach(
            found ->
                assertThat(names.put(found.group(1), labels(found.group(2))))
                    .as(found.group(1) + " is documented twice")
                    .isNull());
    return names;
  }

  private static Set<String> labels(@Nullable String list) {
    return list == null ? Set.of() : new TreeSet<>(Set.of(list.split(",", -1)));
  }

  private static SortedMap<String, Set<String>> exported(String scrape) {
    SortedMap<String, Set<String>> names = new TreeMap<>();
    String family = "";
    for (String line : scrape.split("\n", -1)) {
      if (line.startsWith("# TYPE ")) {
        family = line.split(" ", -1)[2];
      } else if (!line.startsWith("#") && !line.isBlank()) {
        Matcher sample = SAMPLE.matcher(line);
        assertThat(sample.matches()).as(line).isTrue();
        names
            .computeIfAbsent(family, _ -> new TreeSet<>())
            .addAll(labelsOf(Optional.ofNullable(sample.group(2)).orElse("")));
      }
    }
    return names;
  }

  /// But for the bounds of buckets.
  private static Set<String> labelsOf(String text) {
    return LABEL
        .matcher(text)
        .results()
        .map(found -> found.group(1))
        .filter(label -> !label.equals("le"))
        .collect(Collectors.toSet());
  }

  private static void promtoolHasNothingToSay(String scrape) throws Exception {
    Optional<Path> promtool =
        Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
            .map(directory -> Path.of(directory, "promtool"))
            .filter(Files::isExecutable)
            .findFirst();
    if (promtool.isEmpty()) {
      System.err.println("The names of meters are not judged by promtool, for there is none here");
      return;
    }
    Process judge =
        new ProcessBuilder(promtool.get().toString(), "check", "metrics")
            .redirectErrorStream(true)
            .start();
    try (var to = judge.outputWriter(StandardCharsets.UTF_8)) {
      to.write(scrape);
    }
    assertThat(new String(judge.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).isEmpty();
    await().until(() -> !judge.isAlive());
    assertThat(judge.exitValue()).isZero();
  }
}
