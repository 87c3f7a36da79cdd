package dev.pushgate.gateway.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The gateway, the client's package and the module itself are released together.
class ClientVersionTest {
  private static final Path ROOT = Path.of("..");

  @Test
  void theGatewayThePackageAndTheModuleHaveOneVersion() throws IOException {
    String gateway = find("<artifactId>pushgate</artifactId>\\s*<version>([^<]+)<", "pom.xml");

    assertThat(PublicFiles.version())
        .isEqualTo(gateway.replaceFirst("-SNAPSHOT$", ""))
        .isEqualTo(find("VERSION = '([^']+)'", "clients", "javascript", "pushgate.js"));
  }

  private static String find(String pattern, String... path) throws IOException {
    Path file = Path.of(ROOT.toString(), path);
    Matcher matcher = Pattern.compile(pattern).matcher(Files.readString(file));
    assertThat(matcher.find()).as("%s in %s", pattern, file).isTrue();
    return matcher.group(1);
  }
}
