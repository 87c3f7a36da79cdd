package dev.pushgate.gateway.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What the launcher says while it builds, with a stand-in for Maven that says what Maven does.
@Timeout(60)
class LauncherTest {
  private static final String MAVEN =
      """
      #!/usr/bin/env bash
      echo '[INFO] Building Pushgate 0.1.0                               [1/2]'
      for ((i = 1; i <= 60; i++)); do echo "Downloaded from central: https://repo.example/$i.jar (1 kB)"; done
      echo '[INFO] Building Pushgate channel core 0.1.0-SNAPSHOT         [2/2]'
      echo '[INFO] --- maven-jar-plugin:3.4.1:jar (default-jar) @ channel-core ---'
      case $BUILD in
        broken) echo '[ERROR] It is broken'; exit 1 ;;
        slow) until [[ -e may-end ]]; do sleep 0.1; done ;;
      esac
      """;

  @TempDir Path directory;

  @Test
  void aFirstStartSaysHowFarItIs() throws Exception {
    String said = launch("quick");
    assertThat(
            said.lines()
                .filter(line -> !line.endsWith("going on ..."))
                .map(line -> line.replaceAll("\\d+ s", "N s")))
        .startsWith(
            "pushgate: building gateway-server with Maven: a minute or two, and several on a slow"
                + " machine or line the first time",
            "pushgate:   N s: module 1 of 2, Pushgate",
            "pushgate:   N s: 25 files fetched",
            "pushgate:   N s: 50 files fetched",
            "pushgate:   N s: module 2 of 2, Pushgate channel core",
            "pushgate: built in N s");
    assertThat(directory.resolve("gateway-server/target/.built")).exists();
  }

  @Test
  void aBuildThatFailsSaysWhyAndIsNotTakenForOne() throws Exception {
    assertThat(launch("broken"))
        .contains("[ERROR] It is broken", "the build failed", "target/build.log")
        .doesNotContain("built in", "maven-jar-plugin");
    assertThat(directory.resolve("gateway-server/target/.built")).doesNotExist();
  }

  @Test
  void aBuildThatTakesLongSaysThatItGoesOn() throws Exception {
    Process process = start("slow");
    BufferedReader said = process.errorReader();
    List<String> lines = new ArrayList<>();
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      lines.add(line);
      if (line.endsWith("going on ...")) {
        Files.write(directory.resolve("may-end"), new byte[0]);
      }
    }
    process.waitFor();
    assertThat(lines).anyMatch(line -> line.endsWith("going on ..."));
    assertThat(lines).anyMatch(line -> line.contains("built in"));
  }

  /// There is no jar behind the stand-in's build: Java's complaint about that is the last line.
  private String launch(String build) throws IOException, InterruptedException {
    Process process = start(build);
    String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isNotZero();
    return said;
  }

  private Process start(String build) throws IOException {
    String script = Documents.read("pushgate").replace("TICK_SECONDS=20", "TICK_SECONDS=1");
    Path launcher = Files.writeString(directory.resolve("pushgate"), script);
    Files.copy(Documents.REPOSITORY.resolve("jvm.options"), directory.resolve("jvm.options"));
    Files.writeString(directory.resolve("pom.xml"), "<project/>");
    for (String module :
        List.of("channel-core", "auth-keys", "rest-publish-api", "gateway-server")) {
      Files.createDirectories(directory.resolve(module).resolve("src/main"));
      Files.writeString(directory.resolve(module).resolve("pom.xml"), "<project/>");
    }
    Files.createDirectories(directory.resolve("clients/javascript"));
    Path maven = Files.createDirectory(directory.resolve("bin")).resolve("mvn");
    Files.writeString(maven, MAVEN);
    assertThat(maven.toFile().setExecutable(true)).isTrue();
    ProcessBuilder builder = new ProcessBuilder("bash", launcher.toString(), "--help");
    String path = maven.getParent() + File.pathSeparator + System.getenv("PATH");
    builder
        .environment()
        .putAll(
            Map.of(
                "PATH",
                path,
                "PUSHGATE_JAVA_HOME",
                System.getProperty("java.home"),
                "BUILD",
                build));
    Process process = builder.start();
    process.getOutputStream().close();
    return process;
  }
}
