package dev.pushgate.bench;

/// Checks that one subscriber gets every message of every publisher once, in order, and that the
/// stream's offsets run on without a hole. Confined to one connection's loop.
final class MessageCheck {
  private final long[] nextNumbers;
  private long nextOffset = -1;
  private long received;
  private long jumped;
  private long backward;
  private long offsetFaults;

  MessageCheck(int publishers) {
    this.nextNumbers = new long[publishers];
  }

  /// @param publisher which of them, from 0
  /// @param number its how-many-eth message, from 0
  /// @param offset the place in the stream; -1 when the server tells none
  void take(int publisher, long number, long offset) {
    received++;
    nextNumbers[publisher] = placed(number, nextNumbers[publisher]);
    if (offset >= 0) {
      offsetFaults += nextOffset >= 0 && offset != nextOffset ? 1 : 0;
      nextOffset = offset + 1;
    }
  }

  /// Where the subscriber joined the stream: the next offset is the one behind.
  void joinedAt(long offset) {
    nextOffset = offset + 1;
  }

  private long placed(long came, long expected) {
    if (came < expected) {
      backward++;
      return expected;
    }
    jumped += came - expected;
    return came + 1;
  }

  /// Messages that came.
  long received() {
    return received;
  }

  /// Messages that had not come when a later one did.
  long jumped() {
    return jumped;
  }

  /// Messages that came a second time, or after a later one.
  long backward() {
    return backward;
  }

  /// Messages whose offset was not the next one.
  long offsetFaults() {
    return offsetFaults;
  }

  /// Messages that were accepted and did not come, although nothing more is to come.
  ///
  /// @param accepted how many messages of each publisher were accepted
  long missingAtTheEnd(long[] accepted) {
    long missing = 0;
    for (int i = 0; i < accepted.length; i++) {
      missing += Math.max(0, accepted[i] - nextNumbers[i]);
    }
    return missing;
  }
}
