package dev.pushgate.gateway.store;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/// Tells of outages in a handful of lines. One that begins within a minute of the last one's end is
/// of one chain with it. Each kind is told when it is new in its chain, and when that outage ends.
/// One that comes again (a disk that is full but for a little) is told once more; after that only
/// when it lasts, and when the chain is over. Not thread-safe: its [Availability] guards it.
final class OutageLog {
  static final Duration CALM = Duration.ofMinutes(1);

  /// In one chain. What refuses otherwise each time (a trigger) is not to fill the log.
  private static final int MAX_KINDS = 5;

  private final String place;
  private final Logger log;
  private final LongSupplier nanoTime;
  private final Set<String> toldKinds = new HashSet<>();
  private boolean isUnderWay;
  private long beganNanos;
  private boolean isTold;

  /// Whether it was told as one that ends, rather than as one that comes and goes.
  private boolean isEndTold;

  private boolean hasEnded;
  private long endedNanos;

  /// Of this chain.
  private int outages;

  private int endsUntold;
  private boolean isComingAndGoing;

  /// @param place the database, for people
  /// @param nanoTime as [System#nanoTime]
  OutageLog(String place, Logger log, LongSupplier nanoTime) {
    this.place = place;
    this.log = log;
    this.nanoTime = nanoTime;
  }

  /// An outage begins.
  ///
  /// @return whether its kind is new in its chain
  boolean began(Finding finding) {
    beganNanos = nanoTime.getAsLong();
    if (!hasEnded || beganNanos - endedNanos >= CALM.toNanos()) {
      beginChain();
    }
    outages++;
    isUnderWay = true;
    isTold = false;
    isEndTold = false;
    if (tellIfNew(finding)) {
      return true;
    }
    tellAgain(finding);
    return false;
  }

  private void beginChain() {
    toldKinds.clear();
    outages = 0;
    endsUntold = 0;
    isComingAndGoing = false;
  }

  private boolean tellIfNew(Finding finding) {
    if (toldKinds.size() == MAX_KINDS || !toldKinds.add(finding.kind())) {
      return false;
    }
    tell(finding);
    return true;
  }

  private void tell(Finding finding) {
    isTold = true;
    isEndTold = true;
    log.warn("{}", finding.sentence(place));
  }

  private void tellAgain(Finding finding) {
    if (isComingAndGoing) {
      log.debug("{}", finding.sentence(place));
      return;
    }
    isComingAndGoing = true;
    isTold = true;
    log.warn(
        "{}. It comes and goes: what was told before is told again only when it lasts for {} s,"
            + " and when all has been well for as long",
        finding.sentence(place),
        CALM.toSeconds());
  }

  /// The outage goes on, with this.
  void goesOn(Finding finding) {
    if (!tellIfNew(finding) && !isTold && nanoTime.getAsLong() - beganNanos >= CALM.toNanos()) {
      tell(finding);
    }
  }

  /// The outage is over.
  ///
  /// @return whether [#calmIn] has something to tell later
  boolean ended() {
    endedNanos = nanoTime.getAsLong();
    hasEnded = true;
    isUnderWay = false;
    long ms = (endedNanos - beganNanos) / 1_000_000;
    if (isEndTold) {
      log.info("The {} is back after {} ms", place, ms);
    } else {
      log.debug("The {} is back again after {} ms", place, ms);
      endsUntold++;
    }
    return endsUntold > 0;
  }

  /// Tells when all has been well for a minute.
  ///
  /// @return in how long that may be so; zero when it is
  Duration calmIn() {
    if (isUnderWay) {
      return CALM;
    }
    Duration left = CALM.minusNanos(nanoTime.getAsLong() - endedNanos);
    if (left.isPositive()) {
      return left;
    }
    if (endsUntold > 0) {
      endsUntold = 0;
      log.info(
          "The {} has been back for {} s, and was away {} times before",
          place,
          CALM.toSeconds(),
          outages);
    }
    return Duration.ZERO;
  }
}
