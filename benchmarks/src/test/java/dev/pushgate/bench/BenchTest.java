package dev.pushgate.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.app.Gateway;
import dev.pushgate.gateway.app.Running;
import dev.pushgate.gateway.config.SettingsReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class BenchTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @ValueSource(
      strings = {"fly", "--nonsense", "fanout --nonsense", "fanout --size x", "fanout --rate -1"})
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

  @Test
  void withoutACommandThereIsHelp() {
    assertThat(run("")).isZero();
    assertThat(out.toString()).startsWith("Usage: pushgate bench");
  }

  @Test
  void aMeasurementInWhichNothingWasDeliveredIsNotSound() {
    FanoutResult.Faults none = new FanoutResult.Faults(0, 0, 0, 0, 0);
    Histogram micros = new Histogram(3);

    assertThat(result(0, micros, none).isSound()).isFalse();
    assertThat(result(1, micros, none).isSound()).isTrue();
  }

  @Test
  void aGatewayThatRefusesEveryPublishIsToldOnOneLineWithCode1(@TempDir Path directory)
      throws Exception {
    Map<String, String> options =
        Map.of(
            "pushgate.http.port", "0",
            "pushgate.management.port", "0",
            "pushgate.shards", "1",
            "pushgate.data-dir", directory.resolve("data").toString());
    Running gateway =
        new Gateway().start(new SettingsReader(Map.of(), Map.of()).read(null, options).settings());
    try {
      String key = gateway.firstStart().orElseThrow().publishKey().reveal();
      int code =
          run(
              "fanout --warmup 0 --seconds 1 --subscribers 1 --rate 50 --key "
                  + key
                  + " --url http://127.0.0.1:"
                  + gateway.address().getPort());

      assertThat(code).isEqualTo(1);
      assertThat(err.toString())
          .isEqualTo(
              "pushgate: nothing was delivered while gateway was measured: a publish was answered"
                  + " with HTTP status 403\n");
    } finally {
      gateway.stop();
    }
  }

  private static FanoutResult result(
      long deliveries, Histogram micros, FanoutResult.Faults faults) {
    return new FanoutResult("x", 1, deliveries, 1, OptionalLong.empty(), micros, faults, List.of());
  }

  private int run(String command) {
    return Bench.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(command.isEmpty() ? new String[0] : command.split(" "));
  }
}
