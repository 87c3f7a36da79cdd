package dev.pushgate.gateway.store;

import dev.pushgate.core.pace.DoublingPause;
import dev.pushgate.core.store.StoreUnavailableException;
import dev.pushgate.gateway.store.dialect.Fault;
import dev.pushgate.gateway.store.dialect.Pauses;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// Whether the database does what a message needs, as last seen. Once it was found not to,
/// everybody who would need that is told so at once, and one thread probes until it does again: so
/// nobody queues up behind a database that hangs. A refusal that may be one statement's alone is
/// tried again by a probe, which tells whether it is everybody's.
///
/// An outage is told in two lines, when it begins and when it ends. One that begins again within a
/// minute (a disk that is full but for a little) is the same: it is told once more, and then its
/// end when it has lasted. Thread-safe.
final class Availability implements AutoCloseable {
  private static final DoublingPause BETWEEN_PROBES =
      new DoublingPause(Duration.ofMillis(100), Duration.ofSeconds(1));

  /// The first pause of an outage that has begun again: the longer, the more often it has.
  private static final DoublingPause AFTER_RELAPSE =
      new DoublingPause(Duration.ofSeconds(1), Duration.ofSeconds(5));

  /// How many times in one outage it is told that another thing is wrong now.
  private static final int MAX_CHANGES = 2;

  static final Duration CALM = Duration.ofMinutes(1);
  private static final long BETWEEN_SUSPICIONS_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final String place;
  private final Probing probing;
  private final Logger log;
  private final Pauses pauses = new Pauses();
  private final AtomicBoolean suspected = new AtomicBoolean();
  private final ReentrantLock settling = new ReentrantLock();
  private volatile @Nullable Outage outage;
  private volatile long lastSuspicionNanos = System.nanoTime() - BETWEEN_SUSPICIONS_NANOS;
  private @Nullable Pass lastPass; // behind settling
  private boolean hasBeenBack;
  private long backSinceNanos;
  private int relapses;
  private int changes;
  private Duration relapsePause = AFTER_RELAPSE.first();

  /// How the database is probed, and made ready for what comes after. Thread-safe.
  interface Probing {
    /// Does what a message needs, over a new connection.
    ///
    /// @param ample whether to write as much as the largest message, rather than a little
    /// @throws RuntimeException when that fails
    void probe(boolean ample);

    /// What a probe's failure says: which fault, never one of a single statement.
    Finding read(RuntimeException failure);

    /// Lets go of connections that may be dead or lead to what the database is no more; does not
    /// block.
    void renew();

    /// To be told that a suspicion was wrong: what was refused is not refused to everybody.
    void unfounded();
  }

  /// What is wrong, in the database's words.
  record Finding(Fault fault, String words) {}

  /// A probe that the database passed.
  private record Pass(boolean ample, long begunNanos) {}

  private record Outage(Finding finding, StoreUnavailableException refusal, long sinceNanos) {}

  /// @param place the database, for people
  Availability(String place, Probing probing, Logger log) {
    this.place = place;
    this.probing = probing;
    this.log = log;
  }

  /// Why nothing can be read now; null when something can.
  @Nullable StoreUnavailableException refusal() {
    Outage now = outage;
    return now == null || now.finding().fault() != Fault.AWAY ? null : now.refusal();
  }

  /// Why no message can be written now; null when one can.
  @Nullable StoreUnavailableException writeRefusal() {
    Outage now = outage;
    return now == null ? null : now.refusal();
  }

  /// What is wrong in the database's words; null when nothing is.
  @Nullable String trouble() {
    Outage now = outage;
    return now == null ? null : now.finding().words();
  }

  /// To be told of every failure of the database.
  void failed(Finding finding) {
    switch (finding.fault()) {
      case AWAY, READ_ONLY -> begin(finding);
      case REFUSED, BAD_DATA -> suspect();
    }
  }

  private void suspect() {
    if (outage == null
        && System.nanoTime() - lastSuspicionNanos >= BETWEEN_SUSPICIONS_NANOS
        && suspected.compareAndSet(false, true)) {
      lastSuspicionNanos = System.nanoTime();
      start(this::settleSuspicion);
    }
  }

  private void settleSuspicion() {
    try {
      var _ = isWell(false, lastSuspicionNanos);
    } finally {
      suspected.set(false);
    }
  }

  /// Whether the database does for a probe what it did not do for somebody, as one says that began
  /// at `sinceNanos` or later; what it refuses to the probe too is everybody's. Either is told when
  /// this returns. Blocks for as long as that takes: for one probe that is under way and one more.
  ///
  /// @param ample as of [Probing#probe]
  boolean isWell(boolean ample, long sinceNanos) {
    if (outage != null) {
      return false;
    }
    settling.lock();
    try {
      boolean isWell = outage == null && (wasWell(ample, sinceNanos) || probedWell(ample));
      if (isWell) {
        probing.unfounded();
      }
      return isWell;
    } finally {
      settling.unlock();
    }
  }

  private boolean wasWell(boolean ample, long sinceNanos) {
    Pass pass = lastPass;
    return pass != null && (pass.ample() || !ample) && pass.begunNanos() - sinceNanos >= 0;
  }

  private boolean probedWell(boolean ample) {
    Pass pass = new Pass(ample, System.nanoTime());
    try {
      probing.probe(ample);
      lastPass = pass;
      return true;
    } catch (RuntimeException e) {
      begin(probing.read(e));
      return false;
    }
  }

  private void begin(Finding finding) {
    Outage began;
    synchronized (this) {
      Outage before = outage;
      if (pauses.isClosed()) {
        return;
      }
      if (before != null) {
        if (finding.fault() == Fault.AWAY) {
          change(before, finding);
        }
        return; // it is probed already
      }
      boolean isRelapse = hasBeenBack && nanosSince(backSinceNanos) < CALM.toNanos();
      relapses = isRelapse ? relapses + 1 : 0;
      relapsePause = relapses <= 1 ? AFTER_RELAPSE.first() : AFTER_RELAPSE.after(relapsePause);
      changes = 0;
      tell(sentence(finding));
      began = new Outage(finding, refusal(finding), System.nanoTime());
      outage = began;
    }
    probing.renew();
    start(() -> probeUntilBack(began));
  }

  /// What is wrong may change while it lasts: a server that was away is a standby now.
  private synchronized void change(Outage before, Finding finding) {
    if (before.finding().fault() != finding.fault() && relapses == 0 && changes++ < MAX_CHANGES) {
      log.warn("{}", sentence(finding));
    }
    outage = new Outage(finding, refusal(finding), before.sinceNanos());
  }

  private StoreUnavailableException refusal(Finding finding) {
    return StoreUnavailableException.notBegun(sentence(finding));
  }

  private String sentence(Finding finding) {
    String what = finding.fault() == Fault.AWAY ? " is away: " : " takes no messages: ";
    return "The " + place + what + finding.words();
  }

  private void tell(String sentence) {
    if (relapses == 0) {
      log.warn("{}", sentence);
    } else if (relapses > 1) {
      log.debug("{}", sentence);
    } else {
      log.warn(
          "{}. This is the second time within {} s; it is told no more until it has been well for"
              + " as long",
          sentence,
          CALM.toSeconds());
    }
  }

  private void probeUntilBack(Outage began) {
    boolean waits = relapses() > 0 && began.finding().fault() == Fault.READ_ONLY;
    Duration pause = waits ? firstPause() : BETWEEN_PROBES.first();
    while (!pauses.isClosedAfter(pause)) {
      try {
        probing.probe(true);
        back(began);
        return;
      } catch (RuntimeException e) {
        Finding finding = probing.read(e);
        log.debug("{}, still", sentence(finding));
        stillWrong(finding);
      }
      pause = BETWEEN_PROBES.after(pause);
    }
  }

  private synchronized void stillWrong(Finding finding) {
    Outage before = outage;
    if (before != null && !before.finding().equals(finding)) {
      change(before, finding);
    }
  }

  private void back(Outage began) {
    // Also what was connected meanwhile: it may lead to what has become a replica.
    probing.renew();
    long since;
    synchronized (this) {
      outage = null;
      hasBeenBack = true;
      since = System.nanoTime();
      backSinceNanos = since;
    }
    long ms = nanosSince(began.sinceNanos()) / 1_000_000;
    if (relapses() == 0) {
      log.info("The {} is back after {} ms", place, ms);
    } else {
      log.debug("The {} is back again after {} ms", place, ms);
      tellWhenItLasts(since);
    }
  }

  private void tellWhenItLasts(long since) {
    if (!pauses.isClosedAfter(CALM)) {
      synchronized (this) {
        if (outage == null && backSinceNanos == since) {
          log.info(
              "The {} has been back for {} s, and was away {} times before",
              place,
              CALM.toSeconds(),
              relapses + 1);
        }
      }
    }
  }

  private synchronized int relapses() {
    return relapses;
  }

  private synchronized Duration firstPause() {
    return relapsePause;
  }

  private static long nanosSince(long nanos) {
    return System.nanoTime() - nanos;
  }

  private static void start(Runnable work) {
    Thread.ofPlatform().daemon().name("store-probe").start(work);
  }

  /// Stops asking.
  @Override
  public void close() {
    pauses.close();
  }
}
