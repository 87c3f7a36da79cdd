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
  private final Jdbi writing;
  private final Jdbi reading;
  private final StoreProbe probe;
  private final Availability availability;
  private final Complaints complaints;

  Database(Dialect dialect, Ownership ownership, Pools pools, TimeLimits limits) {
    this.dialect = dialect;
    this.ownership = ownership;
    this.pools = pools;
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
    Optional<SQLException> sql = SqlFailures.sqlCause(failure);
    if (sql.isPresent()) {
      Fault fault = dialect.fault(sql.get());
      String words = SqlFailures.sentence(failure);
      String code = code(sql.get());
      complaints.add(fault, code, words);
      availability.failed(Finding.of(fault, fault, code, words));
      if (fault == Fault.REFUSED || fault == Fault.BAD_DATA) {
        return SqlFailures.rolledBack(failure);
      }
    }
    return SqlFailures.unavailable(failure);
  }

  /// As [#unavailable], when something was to be written that nothing else was written with. What
  /// the database refuses for what it is, it must take from others: that is tried, and may take a
  /// moment.
  RuntimeException notWritten(RuntimeException failure) {
    StoreUnavailableException unavailable = unavailable(failure);
    return fault(failure).filter(fault -> fault == Fault.BAD_DATA).isPresent()
            && availability.isWell()
        ? new UnstorableException(SqlFailures.sentence(failure))
        : unavailable;
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
