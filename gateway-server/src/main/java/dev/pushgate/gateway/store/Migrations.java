package dev.pushgate.gateway.store;

import dev.pushgate.gateway.store.dialect.Dialect;
import dev.pushgate.gateway.store.dialect.StoreStartException;
import java.util.Arrays;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;

/// Brings the schema to what this program needs. Stateless.
final class Migrations {
  private Migrations() {}

  /// Applies what is missing.
  ///
  /// @throws StoreStartException when the schema is newer than this program
  static void run(Dialect dialect) {
    Flyway flyway =
        Flyway.configure()
            .dataSource(dialect.unpooled())
            .locations(dialect.migrations())
            .table("pushgate_schema_history")
            .cleanDisabled(true)
            .load();
    MigrationInfo[] known = flyway.info().all();
    if (Arrays.stream(known).anyMatch(Migrations::isFuture)) {
      throw new StoreStartException(
          "The "
              + dialect.place()
              + " was made by a newer Pushgate than this one; use that one, or an older backup");
    }
    if (Arrays.stream(known).anyMatch(one -> one.getState() != MigrationState.SUCCESS)) {
      flyway.migrate();
    }
  }

  private static boolean isFuture(MigrationInfo one) {
    return one.getState() == MigrationState.FUTURE_SUCCESS
        || one.getState() == MigrationState.FUTURE_FAILED;
  }
}
