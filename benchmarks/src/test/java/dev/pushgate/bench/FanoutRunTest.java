package dev.pushgate.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class FanoutRunTest {
  private static final FanoutPlan PLAN =
      new FanoutPlan(
          5, 2, 400, 100, Duration.ofMillis(50), Duration.ofMillis(300), Duration.ofSeconds(3), 1);

  @Test
  void aServerThatDoesRightIsSoundAndMeasured() throws Exception {
    FanoutResult result = run(due -> due);

    assertThat(result.faults()).isEqualTo(new FanoutResult.Faults(0, 0, 0, 0, 0));
    assertThat(result.faults().isSound()).isTrue();
    assertThat(result.troubles()).isEmpty();
    assertThat(result.publications()).isPositive();
    assertThat(result.deliveries()).isPositive();
    assertThat(result.micros().getTotalCount()).isPositive();
    assertThat(result.micros().getValueAtPercentile(50)).isPositive();
  }

  @Test
  void aMessageThatIsKeptBackIsMissed() throws Exception {
    AtomicInteger count = new AtomicInteger();

    FanoutResult result =
        run(due -> count.incrementAndGet() == 10 ? List.of() : List.of(due.getLast()));

    assertThat(result.faults().lost()).isEqualTo(5);
    assertThat(result.faults().isSound()).isFalse();
  }

  @Test
  void aMessageThatIsSentTwiceIsSeen() throws Exception {
    AtomicInteger count = new AtomicInteger();

    FanoutResult result =
        run(due -> count.incrementAndGet() == 10 ? List.of(due.getFirst(), due.getFirst()) : due);

    assertThat(result.faults().backward()).isEqualTo(5);
    assertThat(result.faults().isSound()).isFalse();
  }

  @Test
  void messagesThatChangePlacesAreSeen() throws Exception {
    AtomicInteger count = new AtomicInteger();

    // Of three in a row that are held back, two at least are of one publisher.
    FanoutResult result =
        run(
            due -> {
              int now = count.incrementAndGet();
              return now == 10 || now == 11 ? List.of() : now == 12 ? due.reversed() : due;
            });

    assertThat(result.faults().backward()).isPositive();
    assertThat(result.faults().isSound()).isFalse();
  }

  @Test
  void theReportHasAColumnForEachServerAndAJsonObject() throws Exception {
    FanoutResult result = run(due -> due);
    Report report = new Report(PLAN, List.of(result, result));

    assertThat(report.table()).contains("deliveries/s", "latency p99.9", "µs", "small");
    assertThat(report.json())
        .startsWith("{\"subscribers\":5,")
        .contains("\"results\":[{\"server\":\"small\",", "\"latencyMicrosP999\":", "\"lost\":0");
  }

  private static FanoutResult run(UnaryOperator<List<byte[]>> fault)
      throws IOException, InterruptedException {
    try (SmallServer server = new SmallServer(fault)) {
      return new FanoutRun(PLAN, server.target()).run();
    }
  }
}
