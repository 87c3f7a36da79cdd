package dev.pushgate.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pushgate.core.store.StoreUnavailableException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class LastUsesTest {
  private static final Instant EARLY = Instant.ofEpochSecond(1);
  private static final Instant LATE = Instant.ofEpochSecond(2);

  private final List<Map<String, Instant>> written = new ArrayList<>();
  private Map<String, Instant> noted = Map.of();
  private boolean away;

  private final LastUses uses = new LastUses(this::drain, this::write);

  @Test
  void usesThatCouldNotBeWrittenAreWrittenTheNextTimeUnlessThereAreLaterOnes() {
    noted = Map.of("a", EARLY, "b", EARLY);
    away = true;
    assertThatThrownBy(uses::write).isInstanceOf(CompletionException.class);

    noted = Map.of("b", LATE);
    away = false;
    uses.write();
    uses.write();

    assertThat(written).containsExactly(Map.of("a", EARLY, "b", LATE), Map.of());
  }

  private Map<String, Instant> drain() {
    Map<String, Instant> drained = noted;
    noted = Map.of();
    return drained;
  }

  private CompletionStage<Void> write(Map<String, Instant> lastUses) {
    if (away) {
      return CompletableFuture.failedStage(StoreUnavailableException.notBegun("away"));
    }
    written.add(lastUses);
    return CompletableFuture.completedStage(null);
  }
}
