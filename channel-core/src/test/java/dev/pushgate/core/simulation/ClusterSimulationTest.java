package dev.pushgate.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Random interleavings of everything that can happen to channels on two nodes and the relay
/// between them. A failure names its seed; `-Dsimulation.seed=N` runs that one alone,
/// `-Dsimulation.seeds=N` another number of them.
class ClusterSimulationTest {
  private static final int STEPS = 400;

  @Test
  void betweenTwoNodesNoGapIsUntoldAndNothingComesTwiceOrOutOfOrder() {
    long only = Long.getLong("simulation.seed", -1);
    long seeds = Long.getLong("simulation.seeds", 10_000);
    ClusterWorld.Counts total = new ClusterWorld.Counts();
    for (long seed = only < 0 ? 0 : only; seed < (only < 0 ? seeds : only + 1); seed++) {
      total.add(run(seed));
    }
    if (only < 0 && seeds >= 1_000) {
      assertThat(total.seen).as("messages seen in all runs").isGreaterThan(seeds);
      assertThat(total.lost).as("arrivals lost in all runs").isPositive();
      assertThat(total.recovered).as("resumes in all runs").isPositive();
      assertThat(total.toldGaps).as("gaps told in all runs").isPositive();
      assertThat(total.toldEpochs).as("new epochs told in all runs").isPositive();
    }
  }

  private static ClusterWorld.Counts run(long seed) {
    try {
      return new ClusterWorld(seed).run(STEPS);
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    }
  }
}
