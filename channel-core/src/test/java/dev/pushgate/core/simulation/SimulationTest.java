package dev.pushgate.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Random interleavings of everything that can happen to channels on one node. A failure names its
/// seed; `-Dsimulation.seed=N` runs that one alone, `-Dsimulation.seeds=N` another number of them.
class SimulationTest {
  private static final int STEPS = 400;

  @Test
  void noGapIsUntoldAndNothingComesTwiceOrOutOfOrderOrLeaks() {
    long only = Long.getLong("simulation.seed", -1);
    long seeds = Long.getLong("simulation.seeds", 10_000);
    SimulatedObserver total = new SimulatedObserver();
    for (long seed = only < 0 ? 0 : only; seed < (only < 0 ? seeds : only + 1); seed++) {
      SimulatedWorld world = run(seed);
      total.published += world.observer().published;
      total.toldGaps += world.observer().toldGaps;
      total.toldEpochs += world.observer().toldEpochs;
      total.heldBack += world.observer().heldBack;
    }
    if (only < 0 && seeds >= 1_000) {
      assertThat(total.published).as("publications in all runs").isGreaterThan(seeds);
      assertThat(total.heldBack).as("publications held back in all runs").isPositive();
      assertThat(total.toldGaps).as("gaps told in all runs").isPositive();
      assertThat(total.toldEpochs).as("new epochs told in all runs").isPositive();
    }
  }

  private static SimulatedWorld run(long seed) {
    try {
      SimulatedWorld world = new SimulatedWorld(seed);
      world.run(STEPS);
      return world;
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
    }
  }
}
