package dev.pushgate.gateway.store;

import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.store.RelayedArchive;
import java.util.concurrent.CompletionStage;

/// The archive of declared channels behind a relay, in the database. Thread-safe.
final class SqlRelayedArchive implements RelayedArchive {
  private final Database database;
  private final Lanes lanes;

  SqlRelayedArchive(Database database, Lanes lanes) {
    this.database = database;
    this.lanes = lanes;
  }

  @Override
  public CompletionStage<Boolean> add(Publication publication) {
    return lanes.add(publication);
  }

  @Override
  public boolean isAway() {
    return database.availability().writeRefusal() != null;
  }
}
