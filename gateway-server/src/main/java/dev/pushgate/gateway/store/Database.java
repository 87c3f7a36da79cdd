package dev.pushgate.gateway.store;

import dev.pushgate.core.store.StoreUnavailableException;
import dev.pushgate.core.store.UnstorableException;
import dev.pushgate.gateway.store.Availability.Finding;
import dev.pushgate.gateway.store.dialect.Dialect;
import dev.pushgate.gateway.store.dialect.Fault;
import dev.pushgate.gateway.store.dialect.Ownership;
import dev.pushgate.gateway.store.dialect.Pools;
import dev.pushgate.gateway.store.dialect.SqlFailures;
import dev.pushgate.gateway.store.dialect.TimeLimits;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The open database as lanes and readers use it. Thread-safe.
final class Database implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Database.class);

  private final Dialect dialect;
  private final Ownership ownership;
  private final Pools pools;
  private final TimeLimits limits;
  private final Jdbi writing;
  private final Jdbi reading;
  private final StoreProbe probe;
  private final Availability availability;
  private final Complaints complaints;

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
      probe.run(ample);
    }

    /// What is refused to a probe is refused to every message.
    @Override
    public Finding read(RuntimeException failure) {
      Fault fault = fault(failure).filter(found -> found == Fault.AWAY).orElse(Fault.READ_ONLY);
      complaints.absorbed();
      return new Finding(fault, SqlFailures.sentence(failure));
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

  /// What a failure says of the database; empty when it is not the database's.
  Optional<Fault> fault(RuntimeException failure) {
    return SqlFailures.sqlCause(failure).map(dialect::fault);
  }

  /// As [Dialect#isBlocked].
  boolean isBlocked(RuntimeException failure) {
    return SqlFailures.sqlCause(failure).filter(dialect::isBlocked).isPresent();
  }

  /// Takes note of a failure, if it is the database's, and gives what the store's ports promise for
  /// it when something was read.
  StoreUnavailableException unavailable(RuntimeException failure) {
    count(failure);
    fault(failure)
        .ifPresent(fault -> availability.failed(new Finding(fault, SqlFailures.sentence(failure))));
    return ported(failure);
  }

  /// As [#unavailable], when something was to be written. Whether what was refused is refused to
  /// everybody is found out first, and told: that may take a moment. What the database refuses for
  /// what it is, it must take from others.
  RuntimeException notWritten(RuntimeException failure) {
    Fault fault = fault(failure).orElse(Fault.AWAY);
    if (fault != Fault.REFUSED && fault != Fault.BAD_DATA) {
      return unavailable(failure);
    }
    count(failure);
    boolean isWell = availability.isWell(System.nanoTime() - staleNanos(failure));
    return isWell && fault == Fault.BAD_DATA
        ? new UnstorableException(SqlFailures.sentence(failure))
        : ported(failure);
  }

  /// How old the answer of a probe may be that this failure is judged by. Whoever waits for a lock
  /// that everybody needs waits for longer, so a probe that passed meanwhile tells that this is
  /// another lock; and what is locked is asked for again and again.
  private long staleNanos(RuntimeException failure) {
    return isBlocked(failure) ? TimeUnit.MILLISECONDS.toNanos(limits.probeLockMs()) : 0;
  }

  private void count(RuntimeException failure) {
    SqlFailures.sqlCause(failure)
        .ifPresent(
            sql -> complaints.add(dialect.fault(sql), code(sql), SqlFailures.sentence(failure)));
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
    return state == null ? Integer.toString(failure.getErrorCode()) : state;
  }

  /// No answer came in time, from whatever was asked.
  void silent(String why) {
    if (availability.refusal() == null) {
      complaints.add(Fault.AWAY, "", why);
      availability.failed(new Finding(Fault.AWAY, why));
    }
  }

  @Override
  public void close() {
    availability.close();
    pools.close();
    ownership.close();
  }
}
