package dev.pushgate.gateway.testing;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.Test;

class NoLeaksTest {
  private final NoLeaks noLeaks = new NoLeaks();

  @Test
  void aLostBufferIsReported() {
    noLeaks.watch();
    loseABuffer();
    assertThatThrownBy(noLeaks::check)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("loseABuffer");
  }

  @Test
  void aReleasedBufferIsNot() {
    noLeaks.watch();
    ByteBufAllocator.DEFAULT.buffer(100).release();
    assertThatCode(noLeaks::check).doesNotThrowAnyException();
  }

  /// In a method of its own, so that no local variable keeps it alive.
  private static void loseABuffer() {
    ByteBufAllocator.DEFAULT.buffer(100).writeByte(1);
  }
}
