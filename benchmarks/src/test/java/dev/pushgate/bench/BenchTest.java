package dev.pushgate.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class BenchTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "fly",
        "--nonsense",
        "fanout --nonsense",
        "fanout --size x",
        "fanout --rate -1"
      })
  void wrongUsageIsOneLineAndCode2(String command) {
    assertThat(run(command)).isEqualTo(CommandLine.ExitCode.USAGE);

    assertThat(err.toString()).startsWith("pushgate: ").contains("(see: pushgate bench");
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(out.toString()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--version", "fanout --version"})
  void everyCommandSaysItsVersion(String command) {
    assertThat(run(command)).isZero();
    assertThat(out.toString()).startsWith("pushgate ");
  }

  @Test
  void aMeasurementThatFailsIsOneLineAndCode1() {
    int code = run("fanout --url http://127.0.0.1:1 --key x --subscribers 1");

    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).startsWith("pushgate: ");
    assertThat(err.toString().lines()).hasSize(1);
  }

  private int run(String command) {
    return Bench.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(command.isEmpty() ? new String[0] : command.split(" "));
  }
}
