package dev.pushgate.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The client where there is no page: in Node, where a server renders, and before the compiler.
@Timeout(120)
class OutsideBrowsersIT {
  private static final String MODULE = Pages.moduleFile().toUri().toString();

  /// Node ends by itself when nothing is open any more.
  @Test
  void importedAndHeldInNodeItOpensNothing() throws Exception {
    Programs.need("node");
    assertThat(
            said(
                "node",
                "--input-type=module",
                "--eval",
                """
                const { Pushgate } = await import('%s')
                const client = new Pushgate({ url: 'http://192.0.2.1', getToken: () => { throw 1 } })
                client.subscribe('orders', () => {}).on('paid', () => {})
                await new Promise(setImmediate)
                const open = process.getActiveResourcesInfo().filter((name) => !/TTY|Pipe/.test(name))
                console.log(client.connectionState, JSON.stringify(open))
                """
                    .formatted(MODULE)))
        .containsExactly("disconnected []");
  }

  /// As Node has it from 22.12 on, and from 20.19.
  @Test
  void commonJsGetsItByRequire() throws Exception {
    Programs.need("node");
    assumeTrue(
        said("node", "--print", "process.features.require_module === true").contains("true"));
    assertThat(
            said(
                "node",
                "--no-warnings",
                "--input-type=commonjs",
                "--eval",
                "const { Pushgate } = require('%s'); console.log(typeof Pushgate)"
                    .formatted(Pages.moduleFile())))
        .containsExactly("function");
  }

  /// Where a package.json says that `.js` is CommonJS.
  @Test
  void inAPackageOfCommonJsACopyThatEndsInMjsIsTheModule(@TempDir Path directory) throws Exception {
    Programs.need("node");
    Files.writeString(directory.resolve("package.json"), "{\"type\":\"commonjs\"}");
    Files.copy(Pages.moduleFile(), directory.resolve("pushgate.mjs"));
    Path script = directory.resolve("app.js");
    Files.writeString(
        script,
        "import('./pushgate.mjs').then(({ Pushgate }) => console.log(typeof Pushgate, typeof"
            + " require))");
    assertThat(said("node", script.toString())).containsExactly("function function");
  }

  @Test
  void theCompilerRefusesWhatCannotWorkAndNothingElse() throws Exception {
    assumeTrue(Programs.isHere("tsc"), "There is no `tsc` here: the types are not tried");
    Path types = Path.of("src", "test", "resources", "browser", "types.mts");
    List<String> complaints = new ArrayList<>();
    int status =
        run(
            complaints,
            List.of(
                "tsc",
                "--noEmit",
                "--strict",
                "--target",
                "es2022",
                "--module",
                "nodenext",
                "--moduleResolution",
                "nodenext",
                "--lib",
                "es2022,dom",
                types.toString()));
    assertThat(complaints).isEmpty();
    assertThat(status).isZero();
  }

  private static List<String> said(String... command) throws Exception {
    List<String> lines = new ArrayList<>();
    assertThat(run(lines, List.of(command))).as(lines.toString()).isZero();
    return lines;
  }

  private static int run(List<String> lines, List<String> command)
      throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    process.inputReader().lines().forEach(lines::add);
    return process.waitFor();
  }
}
