package dev.pushgate.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
  @ParameterizedTest
  @CsvSource({"0B,0", "512B,512", "64KiB,65536", "1 MiB,1048576", "1024GiB,1099511627776"})
  void aSizeIsANumberWithItsUnit(String text, long bytes) {
    assertThat(ByteSize.parse(text).bytes()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "64", "64kb", "64K", "-1B", "1.5MiB", "99999999999B", "KiB"})
  void anythingElseIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> ByteSize.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0B", "1B", "1023B", "1KiB", "1025B", "512KiB", "1MiB", "3GiB"})
  void aSizeIsPrintedAsItIsRead(String text) {
    assertThat(ByteSize.parse(text)).hasToString(text);
  }

  @Test
  void aSizeFrom2GiBOnIsNoArrayLength() {
    assertThat(ByteSize.parse("1GiB").toInt()).isEqualTo(1 << 30);
    assertThatExceptionOfType(ArithmeticException.class)
        .isThrownBy(() -> ByteSize.parse("2GiB").toInt());
  }
}
