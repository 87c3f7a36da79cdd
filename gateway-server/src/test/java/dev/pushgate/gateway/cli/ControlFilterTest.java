package dev.pushgate.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.protocol.client.JsonText;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControlFilterTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final PrintStream filtered =
      new PrintStream(new ControlFilter(out), true, StandardCharsets.UTF_8);

  private String printed(String text) {
    filtered.print(text);
    filtered.flush();
    return out.toString(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        0, 7, 8, '\r', 0x1b, 0x1f, 0x7f, 0x80, 0x85, 0x9b, 0x9f, 0x061c, 0x200e, 0x200f, 0x2028,
        0x2029, 0x202a, 0x202e, 0x2066, 0x2069
      })
  void whatATerminalWouldObeyIsWrittenAsJsonMayWriteIt(int control) {
    String json = "\"a" + (char) control + "b\"";

    String printed = printed(json);

    assertThat(printed).isEqualTo("\"a\\u%04xb\"".formatted(control));
    assertThat(JsonText.string(printed)).isEqualTo("a" + (char) control + "b");
    assertThat(ControlFilter.escaped(json)).isEqualTo(printed);
  }

  @Test
  void everythingElseIsAsItWas() {
    StringBuilder all = new StringBuilder();
    for (int character = 0x20; character <= Character.MAX_CODE_POINT; character += 7) {
      boolean isText = Character.isDefined(character) && !Character.isISOControl(character);
      if (isText && (character < 0xd800 || character > 0xdfff)) {
        String text = Character.toString(character);
        if (ControlFilter.escaped(text).equals(text)) {
          all.append(text);
        }
      }
    }
    all.append("\u00a0\u00e9\u2027\u202f\u2065\u206a\ud83d\ude00\n\tend");

    assertThat(printed(all.toString())).isEqualTo(all.toString());
  }

  @Test
  void aLineOfItsOwnHasNoLineBreakInIt() {
    assertThat(ControlFilter.escaped("a\nb\tc")).isEqualTo("a\\u000ab\\u0009c");
  }
}
