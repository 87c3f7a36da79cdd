package dev.pushgate.gateway.app;

import dev.pushgate.core.outcome.FailureWords;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Something that is done again and again. That it fails is told once, and that it works again.
/// Confined to one thread at a time, as the timer promises.
final class Chore implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(Chore.class);

  private final String what;
  private final Runnable work;
  private final BooleanSupplier isToBeTold;
  private boolean fails;

  /// @param what begins a sentence such as "… failed"
  /// @param isToBeTold whether nobody else tells of a failure now
  Chore(String what, Runnable work, BooleanSupplier isToBeTold) {
    this.what = what;
    this.work = work;
    this.isToBeTold = isToBeTold;
  }

  @Override
  public void run() {
    try {
      work.run();
      if (fails) {
        fails = false;
        log.info("{} works again", what);
      }
    } catch (RuntimeException e) {
      if (!fails && isToBeTold.getAsBoolean()) {
        fails = true;
        log.warn("{} failed: {}", what, FailureWords.of(e));
      }
      log.debug("{} failed", what, e);
    }
  }
}
