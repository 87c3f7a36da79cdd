package dev.pushgate.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.pushgate.core.store.StoreUnavailableException;
import dev.pushgate.gateway.testing.LogLines;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ChoreTest {
  private final AtomicBoolean fails = new AtomicBoolean(true);
  private final AtomicBoolean isToBeTold = new AtomicBoolean(true);

  private void work() {
    if (fails.get()) {
      throw new CompletionException(
          new StoreUnavailableException("ERROR: permission denied (SQLSTATE 42501)"));
    }
  }

  @Test
  void aFailureIsToldOnceInItsOwnWordsAndThatItWorksAgain() {
    Chore chore = new Chore("Trying", this::work, isToBeTold::get);
    try (LogLines log = new LogLines(Chore.class.getName(), Level.INFO)) {
      chore.run();
      chore.run();
      fails.set(false);
      chore.run();
      chore.run();

      assertThat(log.with("Trying"))
          .containsExactly(
              "WARN Trying failed: ERROR: permission denied (SQLSTATE 42501)",
              "INFO Trying works again");
    }
  }

  @Test
  void whatSomebodyElseTellsIsToldWhenItIsLeft() {
    Chore chore = new Chore("Hoping", this::work, isToBeTold::get);
    try (LogLines log = new LogLines(Chore.class.getName(), Level.INFO)) {
      isToBeTold.set(false);
      chore.run();
      assertThat(log.with("Hoping")).isEmpty();

      isToBeTold.set(true);
      chore.run();
      assertThat(log.with("Hoping")).hasSize(1);
    }
  }
}
