package dev.pushgate.gateway.config;

import static dev.pushgate.gateway.config.Reading.problems;
import static dev.pushgate.gateway.config.Reading.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.auth.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsReaderTest {
  private static final Map<String, String> NOTHING = Reading.NOTHING;

  @TempDir private Path directory;

  @Test
  void withoutAnythingSetTheDefaultsHold() throws InvalidSettingsException {
    Settings settings = read(NOTHING, NOTHING).settings();

    assertThat(settings.http().port()).isEqualTo(8080);
    assertThat(settings.management().host()).isEqualTo("127.0.0.1");
    assertThat(settings.limits().messageData()).isEqualTo(ByteSize.parse("64KiB"));
    assertThat(settings.archive().age()).isEqualTo(Duration.ofHours(72));
    assertThat(settings.store().url()).isEmpty();
    assertThat(settings.bootstrap().secretKey()).isEmpty();
    assertThat(settings.dataDir()).isEqualTo(Path.of("data"));
    assertThat(settings.page().enabled()).isTrue();
  }

  @Test
  void theStrongerPlaceWins() throws InvalidSettingsException, IOException {
    Path file = file("pushgate: {http: {port: 1, host: a}, data-dir: a, shards: 1}");
    SettingsReader reader =
        new SettingsReader(
            Map.of("PUSHGATE_HTTP_PORT", "2", "PUSHGATE_DATA_DIR", "b", "PUSHGATE_SHARDS", "2"),
            Map.of("pushgate.http.port", "3", "pushgate.shards", "3", "java.home", "x"));

    Settings settings = reader.read(file, Map.of("pushgate.http.port", "4")).settings();

    assertThat(settings.http().port()).isEqualTo(4);
    assertThat(settings.shards()).isEqualTo(3);
    assertThat(settings.dataDir()).isEqualTo(Path.of("b"));
    assertThat(settings.http().host()).isEqualTo("a");
  }

  @Test
  void theEnvironmentNamesTheFile() throws InvalidSettingsException, IOException {
    Path file = file("pushgate:\n  limits:\n    idle-time: 90s\n");

    Settings settings = read(Map.of("PUSHGATE_CONFIG", file.toString()), NOTHING).settings();

    assertThat(settings.limits().idleTime()).isEqualTo(Duration.ofSeconds(90));
  }

  @Test
  void allProblemsAreToldAtOnce() throws IOException {
    Path file = file("pushgate: {http: {port: 70000}, limits: {idle-time: 5}}");

    List<String> problems =
        problems(
            Map.of("PUSHGATE_CONFIG", file.toString(), "PUSHGATE_HTTP_TRUST_FORWARDED", "maybe"),
            Map.of("pushgate.recent-log.bytes", "much"));

    assertThat(problems)
        .containsExactly(
            "pushgate.http.port (" + file + ") is not between 0 and 65535",
            "pushgate.limits.idle-time ("
                + file
                + ") is not a duration such as 500ms, 10s, 5m, 72h or 7d",
            "PUSHGATE_HTTP_TRUST_FORWARDED (environment) is neither true nor false",
            "pushgate.recent-log.bytes (command line) is not a size such as 512B, 64KiB, 1MiB or"
                + " 2GiB");
  }

  @ParameterizedTest
  @CsvSource({
    "PUSHGATE_HTTP_PROT, PUSHGATE_HTTP_PORT",
    "PUSHGATE_PORT, PUSHGATE_HTTP_PORT",
    "PUSHGATE_DATADIR, PUSHGATE_DATA_DIR",
    "PUSHGATE_LIMITS_MESSAGE_SIZE, PUSHGATE_LIMITS_MESSAGE_DATA"
  })
  void anUnknownVariableIsRefusedWithTheLikeliestName(String variable, String suggestion) {
    assertThat(problems(Map.of(variable, "1"), NOTHING))
        .containsExactly(
            variable + " (environment) is not a setting; did you mean " + suggestion + "?");
  }

  @Test
  void anUnknownKeyOfTheFileIsRefusedWithTheLikeliestName() throws IOException {
    Path file = file("pushgate: {http: {prot: 1}, xyzzy: 2}\nmanagement: {port: 3}");

    assertThat(problems(Map.of("PUSHGATE_CONFIG", file.toString()), NOTHING))
        .containsExactly(
            "management.port ("
                + file
                + ") is not a setting; did you mean pushgate.management.port?",
            "pushgate.http.prot (" + file + ") is not a setting; did you mean pushgate.http.port?",
            "pushgate.xyzzy (" + file + ") is not a setting");
  }

  @Test
  void variablesThatMeanSomethingElseAreLeftAlone() throws InvalidSettingsException {
    read(
        Map.of(
            "PUSHGATE_URL", "x",
            "PUSHGATE_KEY", "x",
            "PUSHGATE_SECRET_KEY", "x",
            "PUSHGATE_PUBLISH_KEY", "x",
            "PUSHGATE_JAVA_OPTS", "x",
            "PUSHGATE_JAVA_HOME", "x",
            "PUSHGATE_TEST_POSTGRES_URL", "x",
            "PUSHGATE_TEST_BROWSER_REQUIRED", "1",
            "HOME", "x"),
        NOTHING);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PUSHGATE_MANAGEMENT_KEY",
        "PUSHGATE_SECRET_KEY_FILE",
        "PUSHGATE_KEY_FILE",
        "PUSHGATE_API_KEY",
        "PUSHGATE_API_URL",
        "PUSHGATE_BASE_URL",
        "PUSHGATE_BASE",
        "PUSHGATE_WS_URL",
        "PUSHGATE_TOKEN",
        "PUSHGATE_AUTH_TOKEN",
        "PUSHGATE_ENDPOINT"
      })
  void whatClientsInTheSameEnvironmentUseIsLeftAlone(String variable)
      throws InvalidSettingsException {
    EffectiveSettings read = read(Map.of(variable, "x"), NOTHING);

    assertThat(read.given()).isEmpty();
    assertThat(read.passedOver()).isEmpty();
  }

  @Test
  void noSettingHasTheNameOfAClientsVariable() {
    assertThat(Setting.ALL)
        .allSatisfy(
            setting ->
                assertThat(SettingsLayer.environment(Map.of(setting.variable(), "x")).values())
                    .hasSize(1));
  }

  @Test
  void aVariableThatLooksLikeNoSettingIsNamedAndPassedOver() throws InvalidSettingsException {
    assertThat(read(Map.of("PUSHGATE_XYZZY", "x"), NOTHING).passedOver())
        .containsExactly("PUSHGATE_XYZZY");
  }

  @Test
  void aVariableThatBeginsAsAGroupOfSettingsIsRefused() {
    assertThat(problems(Map.of("PUSHGATE_STORE_FROBNICATION_LEVEL", "x"), NOTHING))
        .containsExactly("PUSHGATE_STORE_FROBNICATION_LEVEL (environment) is not a setting");
  }

  @Test
  void aSecretIsReadFromTheFileThatItsNameWithFileNames() throws Exception {
    Path password = Files.writeString(directory.resolve("password"), "hid den\n");
    Path url = Files.writeString(directory.resolve("url"), "postgres://ann:p%40ss@db:5433/x\n");
    Map<String, String> environment = Map.of("PUSHGATE_STORE_PASSWORD_FILE", password.toString());
    Map<String, String> options = Map.of("pushgate.store.url-file", url.toString());

    EffectiveSettings read = read(environment, options);

    assertThat(read.settings().store().password().map(Secret::reveal)).hasValue("hid den");
    assertThat(read.settings().store().url().orElseThrow().jdbc())
        .isEqualTo("jdbc:postgresql://db:5433/x");
    assertThat(read.given())
        .containsExactly(
            "pushgate.store.password = [redacted] (environment, from " + password + ")",
            "pushgate.store.url = postgres://ann:[redacted]@db:5433/x (command line, from "
                + url
                + ")");
    Path yaml = file("pushgate: {store: {password-file: '" + password + "'}}");
    assertThat(new SettingsReader(Map.of(), Map.of()).read(yaml, Map.of()).settings().store())
        .satisfies(store -> assertThat(store.password()).isPresent());
  }

  @Test
  void aFileThatHoldsNoSecretIsToldAndNotShown() throws IOException {
    Path empty = Files.writeString(directory.resolve("empty"), "\n");
    Path key = Files.writeString(directory.resolve("key"), "pub_hidden");
    Path latin = Files.write(directory.resolve("latin"), new byte[] {(byte) 0xe9});
    Path missing = directory.resolve("missing");

    assertThat(
            problems(
                Map.of(
                    "PUSHGATE_BOOTSTRAP_PUBLISH_KEY_FILE", empty.toString(),
                    "PUSHGATE_BOOTSTRAP_MANAGEMENT_KEY_FILE", missing.toString(),
                    "PUSHGATE_CLUSTER_SECRET_FILE", latin.toString(),
                    "PUSHGATE_STORE_PASSWORD", "x",
                    "PUSHGATE_STORE_PASSWORD_FILE", key.toString(),
                    "PUSHGATE_HTTP_PORT_FILE", key.toString()),
                NOTHING))
        .containsExactly(
            "PUSHGATE_BOOTSTRAP_MANAGEMENT_KEY_FILE (environment) names "
                + missing
                + ", which is not there",
            "PUSHGATE_BOOTSTRAP_PUBLISH_KEY_FILE (environment) names " + empty + ", which is empty",
            "PUSHGATE_CLUSTER_SECRET_FILE (environment) names " + latin + ", which is not UTF-8",
            "PUSHGATE_HTTP_PORT_FILE (environment) is not a setting; did you mean"
                + " PUSHGATE_HTTP_PORT?",
            "PUSHGATE_STORE_PASSWORD and PUSHGATE_STORE_PASSWORD_FILE (environment) exclude each"
                + " other");
    assertThat(problems(Map.of("PUSHGATE_BOOTSTRAP_SECRET_KEY_FILE", key.toString()), NOTHING))
        .singleElement()
        .asString()
        .startsWith("pushgate.bootstrap.secret-key must begin with sec_")
        .doesNotContain("hidden");
  }

  @Test
  void aValueOfWhichBytesWereLostIsRefused() {
    assertThat(problems(Map.of("PUSHGATE_STORE_PASSWORD", "p\ufffdss"), NOTHING))
        .containsExactly("PUSHGATE_STORE_PASSWORD (environment) is not UTF-8");
  }

  @Test
  void whatKubernetesWritesOfItsServicesIsLeftAlone() throws InvalidSettingsException {
    Map<String, String> links = new HashMap<>();
    for (String service : List.of("PUSHGATE", "PUSHGATE_MANAGEMENT", "PUSHGATE_HTTP")) {
      links.put(service + "_SERVICE_HOST", "10.0.0.1");
      links.put(service + "_SERVICE_PORT", "8080");
      links.put(service + "_SERVICE_PORT_HTTP", "8080");
      links.put(service + "_PORT", "tcp://10.0.0.1:8080");
      links.put(service + "_PORT_8080_TCP", "tcp://10.0.0.1:8080");
      links.put(service + "_PORT_8080_TCP_ADDR", "10.0.0.1");
      links.put(service + "_PORT_8080_TCP_PORT", "8080");
      links.put(service + "_PORT_8080_TCP_PROTO", "tcp");
    }

    EffectiveSettings effective = read(links, NOTHING);

    assertThat(effective.given()).isEmpty();
    assertThat(effective.settings().http().port()).isEqualTo(8080);
  }

  @Test
  void aFileThatWasAskedForMustBeThere() {
    Path missing = directory.resolve("nowhere.yaml");

    assertThat(problems(Map.of("PUSHGATE_CONFIG", missing.toString()), NOTHING))
        .containsExactly("the configuration file " + missing + " is not there");
  }

  @Test
  void aFileThatIsNotYamlIsToldOnOneLine() throws IOException {
    Path file = file("pushgate: {http: [\n - x: }");

    assertThat(problems(Map.of("PUSHGATE_CONFIG", file.toString()), NOTHING))
        .singleElement()
        .asString()
        .startsWith("the configuration file " + file + " is not YAML: ")
        .doesNotContain("\n");
  }

  @Test
  void anEmptyValueUnsetsWhatMayBeAbsentAndNothingElse() throws InvalidSettingsException {
    assertThat(read(Map.of("PUSHGATE_STORE_URL", ""), NOTHING).settings().store().url()).isEmpty();
    assertThat(problems(Map.of("PUSHGATE_HTTP_PORT", " "), NOTHING))
        .containsExactly("PUSHGATE_HTTP_PORT (environment) is empty");
  }

  @Test
  void whatIsSetIsShownWithoutSecrets() throws InvalidSettingsException {
    EffectiveSettings effective =
        read(
            Map.of(
                "PUSHGATE_BOOTSTRAP_SECRET_KEY", "sec_0123456789abcdef",
                "PUSHGATE_STORE_URL", "jdbc:postgresql://db/x?user=u&password=hidden&ssl=true"),
            Map.of("pushgate.http.port", "9000"));

    assertThat(effective.given())
        .containsExactly(
            "pushgate.bootstrap.secret-key = [redacted] (environment)",
            "pushgate.http.port = 9000 (command line)",
            "pushgate.store.url = jdbc:postgresql://db/x?user=u&password=[redacted]&ssl=true"
                + " (environment)");
    assertThat(effective.settings().bootstrap().secretKey().orElseThrow().reveal())
        .isEqualTo("sec_0123456789abcdef");
  }

  @ParameterizedTest
  @CsvSource({
    "pushgate.limits.outbound, 512KiB, pushgate.limits.outbound (512KiB) must be at least 896KiB",
    "pushgate.limits.message-data, 2MiB, pushgate.limits.message-data must not be more than",
    "pushgate.limits.client-frame, 67KiB, pushgate.limits.client-frame must be at least 4KiB more",
    "pushgate.memory.recent-logs, 1KiB, pushgate.recent-log.bytes must not be more than",
    "pushgate.limits.client-frames-burst, 1, pushgate.limits.client-frames-burst must not be less",
    "pushgate.limits.auth-failures-burst, 1, pushgate.limits.auth-failures-burst must not be less",
    "pushgate.limits.idle-time, 20s, pushgate.limits.idle-time must be more than",
    "pushgate.shutdown.limit, 1s, pushgate.shutdown.limit must not be less than",
    "pushgate.tokens.max-ttl, 5m, pushgate.tokens.max-ttl must not be less than",
    "pushgate.management.port, 8080, pushgate.http.port and pushgate.management.port must not",
    "pushgate.store.url, jdbc:oracle:x, pushgate.store.url (command line) is not a database's URL",
    "pushgate.bootstrap.publish-key, sec_0123456789abcdef, pushgate.bootstrap.publish-key must",
    "pushgate.bootstrap.secret-key, sec_short, pushgate.bootstrap.secret-key must begin",
    "pushgate.relay.urls, redis://a, pushgate.relay.urls needs a database that nodes can share",
    "pushgate.relay.prefix, a:b, pushgate.relay.prefix must be",
    "pushgate.relay.timeout, 5s, pushgate.presence.lease must be more than twice",
    "pushgate.relay.timeout, 25s, pushgate.relay.timeout must be less than",
    "pushgate.presence.lease, 4s, pushgate.presence.lease must be more than twice",
    "pushgate.cluster.secret, too short, pushgate.cluster.secret must have at least 16",
  })
  void whatDoesNotFitTogetherIsRefused(String name, String value, String problem) {
    assertThat(problems(NOTHING, Map.of(name, value)))
        .anySatisfy(told -> assertThat(told).startsWith(problem));
  }

  @Test
  void aBootstrapKeyIsNotInTheComplaintAboutIt() {
    assertThat(problems(Map.of("PUSHGATE_BOOTSTRAP_SECRET_KEY", "pub_hidden"), NOTHING).toString())
        .doesNotContain("hidden");
  }

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("pushgate.yaml"), text);
  }
}
