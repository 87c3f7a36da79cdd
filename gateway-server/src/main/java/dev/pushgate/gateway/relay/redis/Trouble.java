package dev.pushgate.gateway.relay.redis;

import dev.pushgate.core.relay.RelayUnavailableException;
import io.lettuce.core.RedisCommandExecutionException;
import java.util.concurrent.TimeoutException;

/// What is wrong with one Redis of the relay, in its own words where it said any. Immutable.
///
/// @param words one line for people, of a bounded length
public record Trouble(Kind kind, String words) {
  private static final int WORDS_MAX = 300;

  /// What Redis says in a script, up to 7.0 at least, where it says NOPERM otherwise.
  private static final String NOPERM_OF_SCRIPTS = "The user executing the script can't";

  /// What a node does about it.
  private enum Cure {
    /// Another connection may do better, perhaps to another server; nothing was carried out.
    REDIAL,
    /// Another connection shows what else is wrong. Some of a script may have been carried out.
    REDIAL_IN_DOUBT,
    /// Nothing was carried out, and another connection would not help.
    WAIT,
    /// Nobody knows.
    NONE
  }

  /// The first word of what Redis says, or what is wrong where it says nothing. Labels of a meter.
  public enum Kind {
    /// There is no connection, or it was lost.
    UNREACHABLE(Cure.NONE),
    /// No answer came in time, or what is published does not come back.
    SILENT(Cure.NONE),
    NOAUTH(Cure.REDIAL),
    WRONGPASS(Cure.REDIAL),
    NOPERM(Cure.REDIAL_IN_DOUBT),
    READONLY(Cure.REDIAL),
    MASTERDOWN(Cure.REDIAL),
    LOADING(Cure.REDIAL),
    NOSCRIPT(Cure.REDIAL),
    BUSY(Cure.WAIT),
    OOM(Cure.WAIT),
    MISCONF(Cure.WAIT),
    NOREPLICAS(Cure.WAIT),
    /// It said something else.
    OTHER(Cure.NONE);

    private final Cure cure;

    Kind(Cure cure) {
      this.cure = cure;
    }

    /// Whether the connection is to be given up.
    boolean redials() {
      return cure == Cure.REDIAL || cure == Cure.REDIAL_IN_DOUBT;
    }

    /// Whether Redis surely carried out nothing of what it refused so.
    boolean ranNothing() {
      return cure == Cure.REDIAL || cure == Cure.WAIT;
    }

    /// Whether the server still reads and only refuses to write.
    boolean passes() {
      return cure == Cure.WAIT;
    }

    /// Whether another server may have taken this one's place.
    boolean isReplica() {
      return this == READONLY || this == MASTERDOWN;
    }

    /// Whether these are the server's own words.
    public boolean isSaid() {
      return this != UNREACHABLE && this != SILENT;
    }

    private boolean isIn(String words) {
      return isSaid()
          && (words.equals(name())
              || words.startsWith(name() + " ")
              || words.contains(" -" + name() + " ")); // Redis 6, of a command in a script
    }
  }

  /// What a failed dial or command says.
  static Trouble of(Throwable failure) {
    Throwable root = failure;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof RedisCommandExecutionException) {
        return said(words(cause));
      }
      root = cause;
    }
    boolean isLate = root instanceof TimeoutException || root instanceof RelayUnavailableException;
    return new Trouble(isLate ? Kind.SILENT : Kind.UNREACHABLE, words(root));
  }

  /// What Redis said.
  static Trouble said(String words) {
    for (Kind kind : Kind.values()) {
      if (kind.isIn(words)) {
        return new Trouble(kind, words);
      }
    }
    return words.contains(NOPERM_OF_SCRIPTS)
        ? new Trouble(Kind.NOPERM, "NOPERM " + words.replaceFirst("^ERR ", ""))
        : new Trouble(Kind.OTHER, words);
  }

  static Trouble silent(String words) {
    return new Trouble(Kind.SILENT, words);
  }

  private static String words(Throwable cause) {
    String message = cause.getMessage();
    String words = message == null ? cause.getClass().getSimpleName() : message.strip();
    return words.length() <= WORDS_MAX ? words : words.substring(0, WORDS_MAX);
  }
}
