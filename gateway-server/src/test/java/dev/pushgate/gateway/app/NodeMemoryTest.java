package dev.pushgate.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.memory.MemoryBudget;
import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.gateway.config.InvalidSettingsException;
import dev.pushgate.gateway.config.Settings;
import dev.pushgate.gateway.config.SettingsReader;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeMemoryTest {
  /// What a node without clients keeps, about.
  private static final long BASE = 40L << 20;

  @ParameterizedTest
  @ValueSource(longs = {96, 128, 256, 1_024, 8_192})
  void whatTheHeapHoldsLeavesAQuarterToTheCollectorHoweverMuchDirectMemoryThereIs(long mebibytes)
      throws InvalidSettingsException, StartFailedException {
    long heap = mebibytes << 20;
    Settings settings = new SettingsReader(Map.of(), Map.of()).read(null, Map.of()).settings();
    MemoryBudget budget = new NodeMemory(heap, 64L << 30).share(settings.memory());
    long onHeap =
        Arrays.stream(MemoryKind.values())
            .filter(kind -> kind != MemoryKind.OUTBOUND)
            .mapToLong(kind -> budget.share(kind).limitBytes())
            .sum();
    assertThat(onHeap).isBetween((heap - BASE) * 70 / 100, (heap - BASE) * 75 / 100);
    assertThat(budget.share(MemoryKind.WRITES).limitBytes()).isGreaterThan(2L << 20);
  }
}
