package dev.pushgate.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pushgate.core.outcome.Refusal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The client for browsers is small, needs nothing else, and knows the gateway's codes.
class ModuleSizeTest {
  /// Eight kibibytes, and a little for the answers that no ref leads to.
  private static final int BYTES_MAX = 8 * 1024 + 256;

  @Test
  void theModuleIsSmallWithoutCommentsAndGzipped() throws IOException {
    String source = Files.readString(Pages.moduleFile());
    String stripped = ModuleText.stripped(source);
    assertThat(stripped).contains("export class Pushgate ", "export { Pushgate as PushFloClient");
    assertThat(gzipped(stripped)).hasSizeLessThanOrEqualTo(BYTES_MAX);
  }

  @Test
  void theModuleImportsNothing() throws IOException {
    String stripped = ModuleText.stripped(Files.readString(Pages.moduleFile()));
    assertThat(stripped).doesNotContainPattern("\\bimport\\b").doesNotContain("require(");
  }

  @Test
  void whatMayBeTriedAgainIsWhatTheGatewaySaysOfItAndWhatOnlyAClientSees() throws IOException {
    String stripped = ModuleText.stripped(Files.readString(Pages.moduleFile()));
    int from = stripped.indexOf("RETRYABLE = [");
    List<String> codes =
        Pattern.compile("[A-Z_]+(?=')")
            .matcher(stripped.substring(from, stripped.indexOf(']', from)))
            .results()
            .map(MatchResult::group)
            .toList();
    assertThat(codes)
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(
                    Arrays.stream(Refusal.values()).filter(Refusal::retryable).map(Refusal::name),
                    Stream.of("TIMEOUT", "CONNECTION_FAILED"))
                .toList());
  }

  @Test
  void onlyCommentsAndIndentationAreStripped() {
    assertThat(
            ModuleText.stripped(
                """
                // a comment's apostrophe
                /** and { another
                 *  one */
                const url = 'http://x/*' // behind code

                  const t = `a // ${b ? `c ${'}'}` : "\\"//"} /* d`
                if (/[/'"]\\/\\/`/.test(a / b)) c()
                """))
        .isEqualTo(
            """
            const url = 'http://x/*'
            const t = `a // ${b ? `c ${'}'}` : "\\"//"} /* d`
            if (/[/'"]\\/\\/`/.test(a / b)) c()
            """);
  }

  @ParameterizedTest
  @ValueSource(strings = {"const a = 'b\n'", "a(]", "a)", "{", "/* a", "`a"})
  void whatCannotBeReadIsNotMeasured(String source) {
    assertThatThrownBy(() -> ModuleText.stripped(source)).isInstanceOf(RuntimeException.class);
  }

  private static byte[] gzipped(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream gzip = new Smallest(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  /// As `gzip -9`.
  private static final class Smallest extends GZIPOutputStream {
    Smallest(OutputStream out) throws IOException {
      super(out);
      def.setLevel(9);
    }
  }
}
