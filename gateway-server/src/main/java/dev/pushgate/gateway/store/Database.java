package dev.pushgate.gateway.store;

import dev.pushgate.core.store.StoreUnavailableException;
import dev.pushgate.core.store.UnstorableException;
import dev.pushgate.gateway.store.dialect.Dialect;
import dev.pushgate.gateway.store.dialect.Fault;
import dev.pushgate.gateway.store.dialect.Ownership;
import dev.pushgate.gateway.store.dialect.Pools;
import dev.pushgate.gateway.store.dialect.SqlFailures;
import dev.pushgate.gateway.store.dialect.TimeLimits;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The open database as lanes and readers use it. Thread-safe.
final class Database implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Database.class);
  private static final long BETWEEN_RENEWALS_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Dialect dialect;
  private final Ownership ownership;
  private final Pools pools;
  private final TimeLimits limits;
  private final Jdbi writing;
  private final Jdbi reading;
  private final StoreProbe probe;
  private final Availability availability;
  private final Complaints complaints;
  private final AtomicLong renewedNanos =
      new AtomicLong(System.nanoTime() - BETWEEN_RENEWALS_NANOS);

  Database(Dialect dialect, Ownership ownership, Pools pools, TimeLimits limits) {
    this.dialect = dialect;
    this.ownership = ownership;
    this.pools = pools;
    this.limits = limits;
    this.writing = Jdbi.create(pools.writing());
    this.reading = Jdbi.create(pools.reading());
    this.probe = new StoreProbe(dialect, limits);
    this.availability = new Availability(dialect.place(), new Probing(), log);
    this.complaints = new Complaints(dialect.place(), log, System::nanoTime);
  }

  private final class Probing implements Availability.Probing {
    @Override
    public void probe(boolean ample) {
      if (pools.haveOneWriter()) {
        // Our own writes wait meanwhile: the probe might never get its turn among them.
        writing.useHandle(_ -> probe.run(ample));
      } else {
        probe.run(ample);
      }
    }

    /// What is refused to a probe is refused to every message.
    @Override
    public Finding read(RuntimeException failure) {
      Fault said = fault(failure).orElse(Fault.REFUSED);
      Fault counts = said == Fault.AWAY ? Fault.AWAY : Fault.READ_ONLY;
      String code = SqlFailures.sqlCause(failure).map(Database::code).orElse("");
      complaints.absorbed();
      return Finding.of(said, counts, code, SqlFailures.sentence(failure));
    }

    @Override
    public void renew() {
      pools.renew();
    }

    @Override
    public void unfounded() {
      complaints.tell();
    }
  }

  Dialect dialect() {
    return dialect;
  }

  Ownership ownership() {
    return ownership;
  }

  Pools pools() {
    return pools;
  }

  Jdbi writing() {
    return writing;
  }

  Jdbi reading() {
    return reading;
  }

  Availability availability() {
    return availability;
  }

  Complaints complaints() {
    return complaints;
  }

  /// What is wrong at present, in the database's words; null when nothing is.
  @Nullable String trouble() {
    String outage = availability.trouble();
    return outage == null ? complaints.current() : outage;
  }

  /// What a failure says of the database; empty when it is not the database's. What the server says
  /// over a connection that goes on is no more than a refusal, whatever its code means elsewhere:
  /// whether it is one to everybody is for a probe to say.
  Optional<Fault> fault(RuntimeException failure) {
    return SqlFailures.sqlCause(failure)
        .map(dialect::fault)
        .map(fault -> fault == Fault.AWAY && goesOn(failure) ? Fault.REFUSED : fault);
  }

  /// Whether the connection answered, also to the rollback: Jdbi adds to a transaction's failure
  /// what failed when it was rolled back.
  private boolean goesOn(RuntimeException failure) {
    return isAnswer(failure)
        && !(failure instanceof ConnectionException)
        && failure.getSuppressed().length == 0;
  }

  /// As [Dialect#isAnswer].
  boolean isAnswer(RuntimeException failure) {
    return SqlFailures.sqlCause(failure).filter(dialect::isAnswer).isPresent();
  }

  /// As [Dialect#isBlocked].
  boolean isBlocked(RuntimeException failure) {
    return SqlFailures.sqlCause(failure).filter(dialect::isBlocked).isPresent();
  }

  /// Takes note of a failure, if it is the database's, and gives what the store's ports promise for
  /// it when something was read.
  StoreUnavailableException unavailable(RuntimeException failure) {
    count(failure);
    SqlFailures.sqlCause(failure).ifPresent(sql -> availability.failed(finding(failure, sql)));
    return ported(failure);
  }

  private Finding finding(RuntimeException failure, SQLException sql) {
    Fault said = dialect.fault(sql);
    String words = SqlFailures.sentence(failure);
    return Finding.of(said, fault(failure).orElse(said), code(sql), words);
  }

  /// As [#unavailable], when something was to be written; see [#isRefusedAlone]. What the database
  /// refuses for what it is, it must take from others.
  RuntimeException notWritten(RuntimeException failure, boolean isPart) {
    boolean isAlone = isRefusedAlone(failure, isPart);
    if (isAlone && fault(failure).filter(fault -> fault == Fault.BAD_DATA).isPresent()) {
      return new UnstorableException(SqlFailures.sentence(failure));
    }
    return isAlone ? SqlFailures.rolledBack(failure) : ported(failure);
  }

  /// Takes note of why something was not written, and finds out whether everybody is refused that
  /// now: that is tried, and may take a moment. Either is told when this returns.
  ///
  /// @param isPart whether this is of a group that was divided because of such a failure
  boolean isRefusedAlone(RuntimeException failure, boolean isPart) {
    Optional<Fault> fault = fault(failure);
    return fault.isPresent()
        && switch (fault.get()) {
          case AWAY -> {
            var _ = unavailable(failure);
            yield false;
          }
          case READ_ONLY -> isReadOnlyAlone(failure, isPart);
          case REFUSED -> {
            count(failure);
            yield isWell(false, isPart || isBlocked(failure));
          }
          case BAD_DATA -> {
            count(failure);
            yield isWell(false, false);
          }
        };
  }

  /// A server that is a standby says so to everybody, and so does a full disk, to whatever is large
  /// enough. Unless a trigger says it of one row, or the address has moved to a new primary: then
  /// no connection to the old one is to be left.
  private boolean isReadOnlyAlone(RuntimeException failure, boolean isPart) {
    if (!isAnswer(failure)) {
      var _ = unavailable(failure);
      return false;
    }
    count(failure);
    if (!isWell(true, isPart)) {
      return false;
    }
    renewNowAndThen();
    SqlFailures.sqlCause(failure)
        .ifPresent(sql -> complaints.refused(code(sql), SqlFailures.sentence(failure)));
    complaints.tell();
    return true;
  }

  /// A trigger may say it of each row, and connections are to be used for a while.
  private void renewNowAndThen() {
    long last = renewedNanos.get();
    long now = System.nanoTime();
    if (now - last >= BETWEEN_RENEWALS_NANOS && renewedNanos.compareAndSet(last, now)) {
      pools.renew();
    }
  }

  /// @param ofLate whether a probe will do that was a little earlier than the failure: for parts of
  ///     a group that was judged so a moment ago, and for what waited for a lock, which is asked
  ///     for again and again. Who waits in vain for one that everybody needs waits for longer than
  ///     that, so a probe that passed meanwhile says that it is another one
  private boolean isWell(boolean ample, boolean ofLate) {
    long ms = ofLate ? limits.probeLockMs() : 0;
    return availability.isWell(ample, System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(ms));
  }

  private void count(RuntimeException failure) {
    SqlFailures.sqlCause(failure)
        .ifPresent(
            sql ->
                complaints.add(
                    fault(failure).orElse(Fault.AWAY), code(sql), SqlFailures.sentence(failure)));
  }

  private StoreUnavailableException ported(RuntimeException failure) {
    boolean isRefused =
        fault(failure)
            .filter(fault -> fault == Fault.REFUSED || fault == Fault.BAD_DATA)
            .isPresent();
    return isRefused ? SqlFailures.rolledBack(failure) : SqlFailures.unavailable(failure);
  }

  private static String code(SQLException failure) {
    String state = failure.getSQLState();
    if (state != null) {
      return state;
    }
    int number = failure.getErrorCode();
    return number == 0 ? "" : Integer.toString(number);
  }

  /// No answer came in time, from whatever was asked.
  void silent(String why) {
    if (availability.refusal() == null) {
      complaints.add(Fault.AWAY, "", why);
      availability.failed(Finding.silent(why));
    }
  }

  @Override
  public void close() {
    availability.close();
    pools.close();
    ownership.close();
  }
}
