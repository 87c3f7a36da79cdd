package dev.pushgate.gateway.store.dialect;

/// What a failure of the database means for whoever asks it next. Immutable.
public enum Fault {
  /// Nothing can be asked: it cannot be reached, lets nobody in, or is damaged.
  AWAY,

  /// It can be read, but takes no writes: it has become a replica, its disk is full, another
  /// program is writing.
  READ_ONLY,

  /// It refused a statement: a lock was not to be had in time, a table or a right is missing.
  REFUSED,

  /// It refused what was to be written for what that is: only this message, channel or key cannot
  /// be stored.
  BAD_DATA
}
