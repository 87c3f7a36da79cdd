package dev.pushgate.gateway.store;

import dev.pushgate.core.store.StoreUnavailableException;
import dev.pushgate.gateway.store.dialect.Dialect;
import dev.pushgate.gateway.store.dialect.Ownership;
import dev.pushgate.gateway.store.dialect.Pools;
import dev.pushgate.gateway.store.dialect.SqlFailures;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// The open database as lanes and readers use it. Thread-safe.
final class Database implements AutoCloseable {
  private final Dialect dialect;
  private final Ownership ownership;
  private final Pools pools;
  private final Jdbi writing;
  private final Jdbi reading;
  private final Availability availability;

  Database(Dialect dialect, Ownership ownership, Pools pools) {
    this.dialect = dialect;
    this.ownership = ownership;
    this.pools = pools;
    this.writing = Jdbi.create(pools.writing());
    this.reading = Jdbi.create(pools.reading());
    this.availability = new Availability(dialect.place(), pools::renew, this::probe);
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

  /// What the store's ports promise for a failure of the database. Takes note when it means that
  /// the database is away.
  StoreUnavailableException unavailable(RuntimeException failure) {
    if (isAway(failure)) {
      availability.away(SqlFailures.sentence(failure));
    }
    return SqlFailures.unavailable(failure);
  }

  boolean isAway(RuntimeException failure) {
    return SqlFailures.sqlCause(failure).filter(dialect::isAway).isPresent();
  }

  /// Writes what is there already: a database that cannot write (its disk is full, it has become a
  /// replica) is no more use than one that cannot be reached.
  private void probe() {
    writing.useTransaction(Database::rewrite);
  }

  private static void rewrite(Handle handle) {
    handle.execute("UPDATE node_owner SET since = since");
  }

  @Override
  public void close() {
    availability.close();
    pools.close();
    ownership.close();
  }
}
