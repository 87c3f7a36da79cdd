package dev.pushgate.gateway.store.postgres;

import dev.pushgate.gateway.store.dialect.Generation;
import dev.pushgate.gateway.store.dialect.Ownership;
import dev.pushgate.gateway.store.dialect.Pauses;
import dev.pushgate.gateway.store.dialect.StoreStartException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The ownership of a PostgreSQL database: an advisory lock on a connection of its own, which keeps
/// other nodes from starting, and a generation that every commit checks, which is what makes it
/// safe. So the lock may be lost for a while (the server was restarted, say) and taken again; the
/// generation may not. Nodes of a cluster hold the lock together, and have one generation. Both
/// change when a cluster follows a node alone or the other way round. Thread-safe.
final class AdvisoryOwnership implements Ownership {
  private static final Logger log = LoggerFactory.getLogger(AdvisoryOwnership.class);

  /// A node that has just died may hold the lock for a moment more.
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private static final Duration RETRY = Duration.ofMillis(100);
  private static final Duration WATCH = Duration.ofSeconds(1);

  /// Two locks in each schema. The first means the ownership, alone or shared. The second is held
  /// by every transaction that writes a stream, shared, and for a moment by a node that takes over,
  /// alone: so when the generation has been raised, no transaction that saw the old one is under
  /// way.
  private static final String TRY_OWN =
      "SELECT pg_try_advisory_lock(1349874503, hashtext(coalesce(current_schema(), '')))";

  private static final String TRY_SHARE =
      "SELECT pg_try_advisory_lock_shared(1349874503, hashtext(coalesce(current_schema(), '')))";

  private static final String JOIN_COMMITS =
      "SELECT pg_advisory_xact_lock_shared(1349874504, hashtext(coalesce(current_schema(), '')))";

  private static final String END_COMMITS =
      "SELECT pg_advisory_xact_lock(1349874504, hashtext(coalesce(current_schema(), '')))";

  private static final String IS_READ_ONLY =
      "SELECT current_setting('transaction_read_only')::boolean";

  private static final String HOLDER =
      """
      SELECT concat('a connection', ' from ' || host(client_addr), ' since ' || backend_start::text)
      FROM pg_locks JOIN pg_stat_activity USING (pid)
      WHERE locktype = 'advisory' AND granted AND classid = 1349874503 AND objsubid = 2
        AND objid::bigint = hashtext(coalesce(current_schema(), ''))::bigint & 4294967295
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      ORDER BY backend_start""";

  private final Jdbi connections;
  private final Runnable check;
  private final Generation generation;
  private final boolean isShared;
  private final Pauses pauses = new Pauses();
  private @Nullable Thread watcher;

  /// Null while the lock is lost. Touched by the watcher only, once there is one.
  private @Nullable Handle lock;

  /// Whether it was told that the database is not one to be used any more. The watcher's too.
  private boolean isUnusableTold;

  /// @param check whether the database is one that can be used, when it is not there for the first
  ///     time
  /// @param isShared whether other nodes of a cluster may own the database too
  /// @throws StoreStartException when another node has the lock and keeps it
  AdvisoryOwnership(DataSource unpooled, Runnable check, Generation generation, boolean isShared) {
    this.connections = Jdbi.create(unpooled);
    this.check = check;
    this.generation = generation;
    this.isShared = isShared;
    this.lock = acquire();
  }

  private Handle acquire() {
    Handle handle = connections.open();
    long started = System.nanoTime();
    try {
      while (!tryLock(handle)) {
        if (System.nanoTime() - started > PATIENCE.toNanos() || pauses.isClosedAfter(RETRY)) {
          throw new StoreStartException(refusal() + holder(handle));
        }
      }
      return handle;
    } catch (RuntimeException e) {
      handle.close();
      throw e;
    }
  }

  private String refusal() {
    return isShared
        ? "A Pushgate node without a relay owns this database; stop it first"
        : "Another Pushgate node owns this database; stop it first, or give this one its own";
  }

  /// Who has the lock, as far as this user may know.
  private static String holder(Handle handle) {
    return handle
        .createQuery(HOLDER)
        .mapTo(String.class)
        .findFirst()
        .map(holder -> " (it is held by " + holder + ")")
        .orElse("");
  }

  @Override
  public void begin(Jdbi writing, Consumer<RuntimeException> onFailure) {
    writing.useTransaction(
        handle -> {
          handle.execute(END_COMMITS);
          if (isShared) {
            generation.join(handle);
          } else {
            generation.raise(handle);
          }
        });
    watcher = Thread.ofPlatform().daemon().name("store-owner").start(() -> watch(onFailure));
  }

  /// Two statements, for the generation has to be read in a snapshot taken after the lock was
  /// granted.
  @Override
  public void confirm(Handle handle) {
    handle.execute(JOIN_COMMITS);
    generation.confirm(handle);
  }

  @Override
  public void exclusively(Runnable work) {
    work.run();
  }

  @Override
  public boolean isHeld() {
    return !generation.isLost();
  }

  @Override
  public CompletionStage<Void> lost() {
    return generation.lost();
  }

  private void watch(Consumer<RuntimeException> onFailure) {
    while (!pauses.isClosedAfter(WATCH) && !generation.isLost()) {
      try {
        checkLock();
      } catch (JdbiException e) {
        drop();
        onFailure.accept(e);
      }
    }
    drop();
  }

  private void checkLock() {
    Handle held = lock;
    if (held != null) {
      var _ = generation.isOurs(held); // which notes that it is not
      requireWritable(held);
      return;
    }
    Handle fresh = connections.open();
    lock = fresh;
    requireWritable(fresh);
    // The generation first: whoever raised it owned the lock, and may have let it go since. Our own
    // dead connection may hold it still: until it is found dead, the generation serves.
    if (generation.isOurs(fresh) && isUsable() && tryLock(fresh)) {
      log.info("The ownership of the database is locked again");
    } else {
      drop();
    }
  }

  /// What answers at the old address may be a pooler now, behind which a lock is nobody's.
  private boolean isUsable() {
    try {
      check.run();
      isUnusableTold = false;
      return true;
    } catch (StoreStartException e) {
      if (!e.mayPass() && !isUnusableTold) {
        isUnusableTold = true;
        log.error("The ownership of the database is not locked again: {}", e.getMessage());
      }
      return false;
    }
  }

  /// A server that has become a standby still answers, and a lock there keeps nobody from anything.
  /// It says so itself when something is written.
  private static void requireWritable(Handle handle) {
    if (handle.createQuery(IS_READ_ONLY).mapTo(Boolean.class).one()) {
      handle.execute("UPDATE node_owner SET since = since");
    }
  }

  private void drop() {
    Handle held = lock;
    lock = null;
    if (held != null) {
      try {
        held.close();
      } catch (JdbiException e) {
        log.debug("The connection that held the ownership did not close", e);
      }
    }
  }

  private boolean tryLock(Handle handle) {
    return handle.createQuery(isShared ? TRY_SHARE : TRY_OWN).mapTo(Boolean.class).one();
  }

  @Override
  public void close() {
    pauses.close();
    Thread running = watcher;
    if (running == null) {
      drop();
      return;
    }
    try {
      running.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
