package dev.pushgate.gateway.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
      echo '[INFO] Building channel-core 0.1.0                           [2/2]'
      echo '[INFO] --- maven-jar-plugin:3.4.1:jar (default-jar) @ channel-core ---'
      [[ -z ${BREAK:-} ]] || { echo '[ERROR] It is broken'; exit 1; }
      """;

  @TempDir Path directory;

  @Test
  void aFirstStartSaysHowFarItIs() throws Exception {
    String said = launch("");
    assertThat(said.lines().map(line -> line.replaceAll("\\d+ s", "N s")))
        .startsWith(
            "pushgate: building gateway-server with Maven: a minute or two, and several on a slow"
                + " machine or line the first time",
            "pushgate:   N s: module 1 of 2, Pushgate",
            "pushgate:   N s: 25 files fetched",
            "pushgate:   N s: 50 files fetched",
            "pushgate:   N s: module 2 of 2, channel-core",
            "pushgate: built in N s");
    assertThat(directory.resolve("gateway-server/target/.built")).exists();
  }

  @Test
  void aBuildThatFailsSaysWhyAndIsNotTakenForOne() throws Exception {
    assertThat(launch("1"))
        .contains("[ERROR] It is broken", "the build failed", "target/build.log")
        .doesNotContain("built in", "maven-jar-plugin");
    assertThat(directory.resolve("gateway-server/target/.built")).doesNotExist();
  }

  /// There is no jar behind the stand-in's build: Java's complaint about that is the last line.
  private String launch(String isBroken) throws IOException, InterruptedException {
    Path launcher =
        Files.copy(Documents.REPOSITORY.resolve("pushgate"), directory.resolve("pushgate"));
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
    ProcessBuilder builder =
        new ProcessBuilder("bash", launcher.toString(), "--help").redirectErrorStream(true);
    builder
        .environment()
        .put("PATH", maven.getParent() + File.pathSeparator + System.getenv("PATH"));
    builder.environment().put("PUSHGATE_JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("BREAK", isBroken);
    Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isNotZero();
    return said;
  }
}
