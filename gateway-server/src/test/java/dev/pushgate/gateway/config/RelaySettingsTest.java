package dev.pushgate.gateway.config;

import static dev.pushgate.gateway.config.Reading.NOTHING;
import static dev.pushgate.gateway.config.Reading.problems;
import static dev.pushgate.gateway.config.Reading.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.auth.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelaySettingsTest {
  @TempDir private Path directory;

  @Test
  void aRelayMayHaveSeveralUrlsAndASentinelSeveralHosts() throws InvalidSettingsException {
    String urls = "redis://a:1 , rediss://u:p@b:2/3,redis-sentinel://c:3,d:4/0#m";

    Settings settings =
        read(
                Map.of("PUSHGATE_STORE_URL", "jdbc:postgresql://db/x"),
                Map.of("pushgate.relay.urls", urls))
            .settings();

    assertThat(settings.relay().urls().orElseThrow().all())
        .extracting(Secret::reveal)
        .containsExactly("redis://a:1", "rediss://u:p@b:2/3", "redis-sentinel://c:3,d:4/0#m");
  }

  @Test
  void aFileMayWriteTheUrlsAsAList() throws InvalidSettingsException, IOException {
    Path file =
        Files.writeString(
            directory.resolve("pushgate.yaml"),
            "pushgate: {store: {url: 'jdbc:postgresql://db/x'}, relay: {urls: ['redis://a',"
                + " 'redis-sentinel://b:1,c:2#m']}}");

    Settings settings = read(Map.of("PUSHGATE_CONFIG", file.toString()), NOTHING).settings();

    assertThat(settings.relay().urls().orElseThrow().all())
        .extracting(Secret::reveal)
        .containsExactly("redis://a", "redis-sentinel://b:1,c:2#m");
  }

  @ParameterizedTest
  @CsvSource({
    "http://hidden:1, is not a list of URLs",
    "redis:hidden, is not a list of URLs",
    "redis://, is not a list of URLs",
    "'redis://a,http://hidden', is not a list of URLs",
    "redis://u:hidden@h:99999, is not a list of URLs: number 1 needs a number from 0 to 65535",
    "redis-sentinel://u:hidden@h, is not a list of URLs: number 1 names no master",
    "redis://hidden@a, is not a list of URLs: number 1 has no :",
    "'redis://a,redis://:hidden@b/x', is not a list of URLs: number 2 needs a number",
    "'redis://:hidden@a,redis://:hidden@a', names one Redis twice: a:6379",
    "'redis://:hidden@a,redis://b,redis://a:6379/1', names one Redis twice",
    "'redis-sentinel://a,b#m,redis-sentinel://b,a#m', names one Redis twice: m@b",
  })
  void whatIsNoUrlOfARelayIsRefusedWithoutBeingShown(String urls, String problem) {
    assertThat(problems(NOTHING, Map.of("pushgate.relay.urls", urls)))
        .singleElement()
        .asString()
        .startsWith("pushgate.relay.urls (command line) " + problem)
        .doesNotContain("hidden");
  }

  @Test
  void whatIsWrongWithEachUrlIsSaidAtOnce() {
    assertThat(
            problems(NOTHING, Map.of("pushgate.relay.urls", "redis://a/x,redis://b,redis://c#d")))
        .singleElement()
        .asString()
        .contains("number 1 needs a number", "; number 3 has a #")
        .doesNotContain("number 2");
  }

  @Test
  void urlsOfARelayAreShownWithoutTheirSecrets() throws InvalidSettingsException {
    EffectiveSettings effective =
        read(
            Map.of("PUSHGATE_STORE_URL", "jdbc:postgresql://db/x"),
            Map.of(
                "pushgate.relay.urls",
                "redis://u:hidden@a:1/2,rediss://:hid@den@b",
                "pushgate.cluster.secret",
                "a hidden secret of some length"));

    assertThat(effective.given())
        .contains(
            "pushgate.cluster.secret = [redacted] (command line)",
            "pushgate.relay.urls = redis://[redacted]@a:1/2, rediss://[redacted]@b"
                + " (command line)");
    assertThat(String.valueOf(effective.settings().relay().urls().orElseThrow()))
        .doesNotContain("hid");
  }
}
