package dev.pushgate.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MessageCheckTest {
  private final MessageCheck check = new MessageCheck(2);

  @Test
  void everythingOnceAndInOrderIsSound() {
    check.joinedAt(6);
    check.take(0, 0, 7);
    check.take(1, 0, 8);
    check.take(0, 1, 9);

    assertThat(check.received()).isEqualTo(3);
    assertFaults(0, 0, 0);
    assertThat(check.missingAtTheEnd(new long[] {2, 1})).isZero();
  }

  @Test
  void aHoleIsLost() {
    check.take(0, 0, -1);
    check.take(0, 3, -1);

    assertFaults(2, 0, 0);
  }

  @Test
  void aMessageThatComesTwiceIsSeen() {
    check.take(0, 0, -1);
    check.take(0, 0, -1);

    assertFaults(0, 1, 0);
  }

  @Test
  void twoThatChangedPlacesAreSeen() {
    check.take(0, 1, -1);
    check.take(0, 0, -1);
    check.take(0, 2, -1);

    assertFaults(1, 1, 0);
  }

  @Test
  void theEndOfAStreamThatDidNotComeIsMissing() {
    check.take(0, 0, -1);

    assertThat(check.missingAtTheEnd(new long[] {3, 1})).isEqualTo(3);
  }

  @Test
  void offsetsThatDoNotRunOnAreSeenThoughTheNumbersDo() {
    check.joinedAt(0);
    check.take(0, 0, 2);
    check.take(0, 1, 3);
    check.take(0, 2, 3);

    assertFaults(0, 0, 2);
  }

  private void assertFaults(long jumped, long backward, long offsetFaults) {
    assertThat(check.jumped()).isEqualTo(jumped);
    assertThat(check.backward()).isEqualTo(backward);
    assertThat(check.offsetFaults()).isEqualTo(offsetFaults);
  }
}
