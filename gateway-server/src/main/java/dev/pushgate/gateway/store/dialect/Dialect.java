package dev.pushgate.gateway.store.dialect;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/// One kind of database: how to reach it, and the few things in which the shared SQL differs.
/// Thread-safe.
public interface Dialect {
  /// The database for people: where it is, without credentials.
  String place();

  /// Where on the class path this database's migrations are.
  String migrations();

  /// Connections that belong to no pool: for migrations.
  DataSource unpooled();

  /// The pools; the caller closes them.
  Pools openPools();

  /// How many ordered writers the database is good for.
  int lanes();

  /// How many reads to run at a time.
  int readers();

  /// What to put behind a `SELECT` whose rows are to be locked until the transaction ends.
  String forUpdate();

  /// The time by the database's clock, in milliseconds since 1970.
  String nowMs();

  /// The isolation in which a transaction's queries all see one moment.
  TransactionIsolationLevel snapshot();

  /// What this failure says of the database.
  Fault fault(SQLException failure);

  /// Whether the server itself said this, of what it was asked. Then it is a refusal, whatever its
  /// code means of a server, unless the connection ends with it.
  boolean isAnswer(SQLException failure);

  /// Whether this was refused for what others do at the time, or for the time that it took: then
  /// no part of it fares better.
  boolean isBlocked(SQLException failure);

  /// A connection that belongs to no pool and waits for locks for a short time only: to find out
  /// whether the database does what a message needs.
  DataSource probing();

  /// Bounds for how long the rest of a transaction may wait for each lock, where the database has
  /// several writers.
  void limitLockWait(Handle handle, int ms);

  /// Ends what the connection is at, where the database does not do so itself when a statement
  /// takes too long. Called by another thread than the connection's.
  void interrupt(Connection connection) throws SQLException;

  /// How large the database is. May ask it, and may take its time.
  DatabaseSize size(Jdbi reading);

  /// Gives back room that the database took for a while. May take its time, and holds up no writer
  /// that commits meanwhile for longer than that one waits for locks.
  void tidy();

  /// Makes ready what connecting needs, and takes the ownership of the database or leaves it.
  ///
  /// @throws StoreStartException when another node has it, or the database cannot be reached, or
  ///     cannot be shared
  Ownership claim(Claim claim);

  /// Why the store cannot be opened, for the operator.
  StoreStartException explain(Throwable failure);
}
