package dev.pushgate.gateway.store;

import dev.pushgate.gateway.store.dialect.Fault;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// What the database refused of single statements while it does what others need. Each kind of
/// refusal, its code and its words, is told once, when it begins, and again when none has come for
/// five minutes. Thread-safe.
final class Complaints {
  /// After how long without another one a refusal is over, for readiness.
  private static final long RECENT_NANOS = TimeUnit.SECONDS.toNanos(15);

  /// And for the log, which is not to hear each time of what is tried every minute.
  private static final long OVER_NANOS = TimeUnit.MINUTES.toNanos(5);

  /// A probe takes less to find that everybody is refused; then that is told instead.
  private static final long UNTOLD_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final int MAX_KINDS = 16;

  /// How many kinds of one code: a table that is missing is another than the next one, but what a
  /// trigger says may be different each time.
  private static final int MAX_OF_CODE = 3;

  private final String place;
  private final Logger log;
  private final LongSupplier nanoTime;
  private final Map<Fault, LongAdder> counts = new EnumMap<>(Fault.class);
  private final Map<String, Complaint> complaints = new LinkedHashMap<>();

  private static final class Complaint {
    final String code;
    final long sinceNanos;
    String words;
    long lastNanos;
    long times;
    boolean isTold;

    Complaint(String code, String words, long sinceNanos) {
      this.code = code;
      this.words = words;
      this.sinceNanos = sinceNanos;
      this.lastNanos = sinceNanos;
    }
  }

  /// @param place the database, for people
  /// @param nanoTime as [System#nanoTime]
  Complaints(String place, Logger log, LongSupplier nanoTime) {
    this.place = place;
    this.log = log;
    this.nanoTime = nanoTime;
    for (Fault fault : Fault.values()) {
      counts.put(fault, new LongAdder());
    }
  }

  /// How many times the database failed so since the start.
  long count(Fault fault) {
    LongAdder count = counts.get(fault);
    return count == null ? 0 : count.sum();
  }

  /// Takes note of a failure.
  ///
  /// @param code what the database calls the kind
  void add(Fault fault, String code, String words) {
    LongAdder count = counts.get(fault);
    if (count != null) {
      count.increment();
    }
    if (fault == Fault.REFUSED || fault == Fault.BAD_DATA) {
      refused(code, words);
    }
  }

  /// Takes note of what was refused, however it was counted.
  synchronized void refused(String code, String words) {
    long now = nanoTime.getAsLong();
    Complaint complaint = complaintOf(code, words, now);
    if (complaint != null) {
      complaint.words = words;
      complaint.lastNanos = now;
      complaint.times++;
    }
  }

  /// What is one kind too many of its code counts as the newest of that code.
  private @Nullable Complaint complaintOf(String code, String words, long now) {
    String kind = Finding.kind(code, words);
    Complaint found = complaints.get(kind);
    if (found != null) {
      return found;
    }
    List<Complaint> ofCode =
        complaints.values().stream().filter(one -> one.code.equals(code)).toList();
    if (ofCode.size() == MAX_OF_CODE) {
      return ofCode.getLast();
    }
    if (complaints.size() == MAX_KINDS) {
      return null;
    }
    Complaint made = new Complaint(code, words, now);
    complaints.put(kind, made);
    return made;
  }

  /// The newest of what is refused at present, in the database's words; null when nothing is.
  synchronized @Nullable String current() {
    long now = nanoTime.getAsLong();
    return complaints.values().stream()
        .filter(complaint -> now - complaint.lastNanos < RECENT_NANOS)
        .max(Comparator.comparingLong(complaint -> complaint.lastNanos - now))
        .map(complaint -> complaint.words)
        .orElse(null);
  }

  /// Tells what was not told yet.
  void tell() {
    tell(0);
  }

  private synchronized void tell(long olderThanNanos) {
    long now = nanoTime.getAsLong();
    for (Complaint complaint : complaints.values()) {
      if (!complaint.isTold && now - complaint.sinceNanos >= olderThanNanos) {
        complaint.isTold = true;
        log.warn("The {} refuses some of what it is asked: {}", place, complaint.words);
      }
    }
  }

  /// Forgets what was not told yet: it is part of something larger, which was.
  synchronized void absorbed() {
    complaints.values().removeIf(complaint -> !complaint.isTold);
  }

  /// Tells what is over. Called now and then.
  synchronized void look() {
    tell(UNTOLD_NANOS);
    long now = nanoTime.getAsLong();
    complaints
        .values()
        .removeIf(
            complaint -> {
              boolean isOver = now - complaint.lastNanos >= OVER_NANOS;
              if (isOver && complaint.isTold) {
                log.info(
                    "The {} has refused nothing for {} s as it did {} times before: {}",
                    place,
                    TimeUnit.NANOSECONDS.toSeconds(OVER_NANOS),
                    complaint.times,
                    complaint.words);
              }
              return isOver;
            });
  }
}
