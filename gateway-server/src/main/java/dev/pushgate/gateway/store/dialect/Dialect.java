package dev.pushgate.gateway.store.dialect;

import java.sql.SQLException;
import javax.sql.DataSource;
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

  /// Whether this says that the database is away, rather than that one statement was wrong or too
  /// slow.
  boolean isAway(SQLException failure);

  /// Makes ready what connecting needs, and takes the ownership of the database or leaves it.
  ///
  /// @throws StoreStartException when another node has it, or the database cannot be reached, or
  ///     cannot be shared
  Ownership claim(Claim claim);

  /// Why the store cannot be opened, for the operator.
  StoreStartException explain(Throwable failure);
}
