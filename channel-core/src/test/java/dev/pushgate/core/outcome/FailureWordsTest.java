package dev.pushgate.core.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class FailureWordsTest {
  private static final IOException FULL = new IOException("the disk is full");

  @Test
  void aFailureSaysItsOwnWords() {
    assertThat(FailureWords.of(FULL)).isEqualTo("the disk is full");
    assertThat(FailureWords.of(new IllegalStateException("not now", FULL))).isEqualTo("not now");
  }

  @Test
  void whatOnlyWrapsItSaysNothing() {
    assertThat(FailureWords.of(new CompletionException(FULL))).isEqualTo("the disk is full");
    assertThat(FailureWords.of(new CompletionException(new ExecutionException(FULL))))
        .isEqualTo("the disk is full");
    assertThat(FailureWords.of(new IllegalStateException(new UncheckedIOException(FULL))))
        .isEqualTo("the disk is full");
    assertThat(FailureWords.of(new IllegalStateException(" ", FULL))).isEqualTo("the disk is full");
  }

  @Test
  void itIsOneLine() {
    assertThat(FailureWords.of(new IOException("\n  ERROR: no  \n  Position: 4")))
        .isEqualTo("ERROR: no");
  }

  @Test
  void oneWithoutWordsIsCalledByItsName() {
    assertThat(FailureWords.of(new CompletionException(new IOException())))
        .isEqualTo("IOException");
  }
}
