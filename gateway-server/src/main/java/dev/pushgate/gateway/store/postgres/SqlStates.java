package dev.pushgate.gateway.store.postgres;

import static com.zaxxer.hikari.SQLExceptionOverride.Override.CONTINUE_EVICT;
import static com.zaxxer.hikari.SQLExceptionOverride.Override.DO_NOT_EVICT;
import static com.zaxxer.hikari.SQLExceptionOverride.Override.MUST_EVICT;

import com.zaxxer.hikari.SQLExceptionOverride;
import dev.pushgate.gateway.store.dialect.Fault;
import dev.pushgate.gateway.store.dialect.SqlFailures;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

/// What PostgreSQL and its driver mean by their codes. Stateless.
final class SqlStates {
  /// Begins of SQL states after which nothing works until somebody mends the server or the way to
  /// it: lost connections, bad credentials, no such database, no room, shutdown, I/O errors.
  private static final List<String> AWAY = List.of("08", "28", "3D", "53", "57P", "58", "XX");

  /// What a standby says, and a server whose disk is full.
  private static final List<String> READ_ONLY = List.of("25006", "53100");

  /// What is wrong with one message: its data, a constraint, its size, what a trigger says to it.
  private static final List<String> BAD_DATA = List.of("22", "23", "44", "54", "P0001");

  /// The classes of SQL states that PostgreSQL or its driver says by itself. Every other was chosen
  /// by a trigger or a function, and said of the one message that it was called for.
  private static final List<String> OWN =
      List.of(
          "00", "01", "02", "03", "07", "08", "09", "0A", "0B", "0F", "0L", "0P", "0Z", "10", "20",
          "21", "22", "23", "24", "25", "26", "27", "28", "2B", "2D", "2F", "34", "38", "39", "3B",
          "3D", "3F", "40", "42", "44", "53", "54", "55", "57", "58", "60", "72", "99", "F0", "HV",
          "P0", "XX");

  /// A lock that is not to be had, a statement that took too long, a deadlock.
  private static final List<String> BLOCKED = List.of("55P03", "57014", "40");

  /// What a connection says whose session is not the one that it was.
  private static final List<String> SPENT = List.of("25001", "25P", "26000", "42P05");

  /// What a connection says that is broken or about to end, unless the server says it of a row.
  private static final List<String> BROKEN = List.of("08", "57P");

  /// What a server says that is ending or starting: of itself, never of what it was asked.
  private static final List<String> ENDING = List.of("57P01", "57P02", "57P03");

  private SqlStates() {}

  /// What this code means of a server.
  static Fault fault(SQLException failure) {
    String state = failure.getSQLState();
    if (state == null) {
      return Fault.AWAY;
    }
    if (begins(state, READ_ONLY)) {
      return Fault.READ_ONLY;
    }
    if (failure instanceof SQLTransientConnectionException || begins(state, AWAY)) {
      return Fault.AWAY;
    }
    return begins(state, BAD_DATA) || !begins(state, OWN) ? Fault.BAD_DATA : Fault.REFUSED;
  }

  /// As [dev.pushgate.gateway.store.dialect.Dialect#isAnswer].
  static boolean isAnswer(SQLException failure) {
    return SqlFailures.sqlCause(failure).orElse(failure) instanceof PSQLException said
        && said.getServerErrorMessage() != null
        && !begins(said.getSQLState(), ENDING);
  }

  static boolean isBlocked(SQLException failure) {
    return begins(failure.getSQLState(), BLOCKED);
  }

  /// What becomes of a pooled connection that said this. One over which the server answered is kept
  /// for the rollback behind that: it tells whether the connection is broken, and ends its locks,
  /// which last for a moment when it is closed instead. One that leads to a standby goes later,
  /// with all others: [dev.pushgate.gateway.store.dialect.Pools#renew].
  static SQLExceptionOverride.Override ofConnection(SQLException failure) {
    String state = failure.getSQLState();
    if (begins(state, SPENT)) {
      return MUST_EVICT;
    }
    if (isAnswer(failure)) {
      return DO_NOT_EVICT;
    }
    return begins(state, BROKEN) ? MUST_EVICT : CONTINUE_EVICT;
  }

  static boolean begins(@Nullable String state, List<String> with) {
    return state != null && with.stream().anyMatch(state::startsWith);
  }
}
