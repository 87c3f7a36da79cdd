package dev.pushgate.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.app.FirstStart;
import dev.pushgate.gateway.app.Gateway;
import dev.pushgate.gateway.app.Running;
import dev.pushgate.gateway.app.StartFailedException;
import dev.pushgate.gateway.config.InvalidSettingsException;
import dev.pushgate.gateway.config.SettingsReader;
import dev.pushgate.gateway.protocol.client.JsonText;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The commands against a gateway that runs in this process, on a database of its own.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CommandsTest {
  private final Path data;
  private Running gateway;
  private FirstStart keys;

  CommandsTest(@TempDir Path directory) throws StartFailedException, InvalidSettingsException {
    this.data = directory.resolve("data");
    this.gateway = start(0);
    this.keys = gateway.firstStart().orElseThrow();
  }

  @BeforeAll
  void theFirstStartMadeKeys() {
    assertThat(keys.secretKey().reveal()).startsWith("sec_");
  }

  @AfterAll
  void stop() {
    gateway.stop();
  }

  private Running start(int port) throws StartFailedException, InvalidSettingsException {
    Map<String, String> options =
        Map.of(
            "pushgate.http.host", "127.0.0.1",
            "pushgate.http.port", Integer.toString(port),
            "pushgate.management.port", "0",
            "pushgate.shards", "2",
            "pushgate.shutdown.drain", "0s",
            "pushgate.data-dir", data.toString());
    return new Gateway()
        .start(new SettingsReader(Map.of(), Map.of()).read(null, options).settings());
  }

  @Test
  void whatIsPublishedIsPrintedByASubscriber() {
    CompletableFuture<CommandRun> subscriber =
        subscribe("first", "--count", "2", "--event", "message");
    awaitSubscriber("first");

    publish("first", "{\"n\": 1,\n\"s\":\"a\\nb\"}");
    publish("first", "\"two\"");

    CommandRun result = subscriber.join();
    assertThat(result.out()).isEqualTo("{\"n\": 1, \"s\":\"a\\nb\"}\n\"two\"\n");
    assertThat(result.code()).isZero();
  }

  @Test
  void aSubscriberThatHasEnoughSaysGoodbye() throws Exception {
    String before = endings();
    publish("goodbye", "1");

    assertThat(subscribe("goodbye", "--count", "1", "--rewind", "1").join().code()).isZero();

    Awaitility.await().until(() -> !endings().equals(before));
    assertThat(endings().lines().filter(line -> line.contains("code=\"1006\"")))
        .containsExactlyElementsOf(
            before.lines().filter(line -> line.contains("code=\"1006\"")).toList());
  }

  /// How many sessions ended, by close code.
  private String endings() throws Exception {
    URI metrics = URI.create("http:/" + gateway.managementAddress() + "/metrics");
    try (InputStream in = metrics.toURL().openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.startsWith("pushgate_connections_closed_total{"))
          .collect(Collectors.joining("\n"));
    }
  }

  @Test
  void aSubscriberRewindsFiltersAndBeginsWhereItIsTold() {
    publish("second", "1", "--event", "a");
    publish("second", "2", "--event", "b");
    String answer = publish("second", "3", "--event", "a", "--json").out();
    String epoch = JsonText.string(JsonText.properties(answer.strip()).orElseThrow().get("epoch"));

    assertThat(subscribe("second", "--rewind", "3", "--count", "3").join().out())
        .isEqualTo("1\n2\n3\n");
    assertThat(subscribe("second", "--rewind", "3", "--event", "a", "--count", "2").join().out())
        .isEqualTo("1\n3\n");
    assertThat(subscribe("second", "--since", epoch + ":2", "--count", "1").join().out())
        .isEqualTo("3\n");
    assertThat(subscribe("second", "--rewind", "1", "--count", "1", "--json").join().out())
        .startsWith("{\"type\":\"message\"")
        .contains("\"offset\":3")
        .endsWith(",\"epoch\":\"" + epoch + "\"}\n");
  }

  @Test
  void aSubscriberComesBackAfterARestartAndSaysSo() throws Exception {
    CompletableFuture<CommandRun> subscriber =
        subscribe("third", "--count", "2", "--event", "message");
    awaitSubscriber("third");
    publish("third", "1");

    int port = gateway.address().getPort();
    gateway.stop();
    gateway = start(port);
    awaitSubscriber("third");
    publish("third", "2");

    CommandRun result = subscriber.join();
    assertThat(result.out()).endsWith("2\n");
    assertThat(result.err()).contains("connecting again in").contains("messages are missing");
  }

  @Test
  void aKeyIsMadeListedUsedAndRevokedBesideTheGateway() {
    CommandRun created =
        onDatabase("keys", "create", "--kind", "secret", "--label", "ci", "--json");
    Map<String, String> key = JsonText.properties(created.out().strip()).orElseThrow();
    String id = String.valueOf(JsonText.string(key.get("id")));
    String text = String.valueOf(JsonText.string(key.get("key")));

    Awaitility.await()
        .until(
            () ->
                CommandRun.of("publish", "--url", url(), "--key", text, "keyed", "1").code() == 0);
    assertThat(onDatabase("keys", "list").out())
        .startsWith("ID ")
        .contains(id, "live", "never")
        .doesNotContain(text);
    assertThat(onDatabase("keys", "revoke", id).out()).isEqualTo("revoked " + id + "\n");
    assertThat(onDatabase("keys", "revoke", id).out()).contains("already");
    assertThat(onDatabase("keys", "revoke", id, "--json").out())
        .startsWith("{\"id\":\"" + id + "\"")
        .contains("\"revokedAt\":\"2");
    assertThat(onDatabase("keys", "list", "--json").out())
        .startsWith("[{")
        .contains("\"revokedAt\":\"2");
    Awaitility.await()
        .until(
            () ->
                CommandRun.of("publish", "--url", url(), "--key", text, "keyed", "1").code() == 1);
  }

  @Test
  void anAppIsMadeOnceAndHasKeysOfItsOwn() {
    CommandRun created = onDatabase("apps", "create", "shop", "--name", "The shop");

    assertThat(created.out()).contains("pub_", "sec_", "mgmt_");
    assertThat(onDatabase("apps", "list").out()).contains("default", "The shop");
    assertThat(onDatabase("apps", "list", "--json").out()).contains("{\"id\":\"shop\"");
    assertThat(onDatabase("keys", "list", "--app", "shop").out().lines()).hasSize(1 + 3);
    CommandRun again = onDatabase("apps", "create", "shop");
    assertThat(again.code()).isEqualTo(1);
    assertThat(again.err()).isEqualTo("pushgate: there is an app \"shop\" already\n");
  }

  @Test
  void anAppsPublishKeysAreLetReadAndNotAgain() {
    onDatabase("apps", "create", "readers");
    assertThat(onDatabase("apps", "set", "readers", "--publish-keys-read", "true").out())
        .isEqualTo("publish keys of readers may list channels and read history\n");
    assertThat(onDatabase("apps", "list", "--json").out())
        .contains(
            "{\"id\":\"readers\",\"name\":\"readers\",\"allowedOrigins\":[\"*\"],"
                + "\"undeclaredChannels\":true,\"publishKeysRead\":true,");
    assertThat(onDatabase("apps", "set", "readers", "--publish-keys-read", "false", "--json").out())
        .contains("\"publishKeysRead\":false");
    CommandRun nobody = onDatabase("apps", "set", "nosuch", "--publish-keys-read", "true");
    assertThat(nobody.code()).isEqualTo(1);
    assertThat(nobody.err()).isEqualTo("pushgate: there is no app \"nosuch\"\n");
  }

  @Test
  void anAppsOriginsAndWhetherChannelsMustBeDeclaredAreSet() {
    onDatabase("apps", "create", "strict");
    String origins = "https://a.example,http://localhost:3000";
    assertThat(
            onDatabase(
                    "apps",
                    "set",
                    "strict",
                    "--allowed-origins",
                    origins,
                    "--undeclared-channels",
                    "false")
                .out())
        .isEqualTo(
            "strict allows pages of these origins: https://a.example http://localhost:3000\n"
                + "channels of strict must be declared\n");
    assertThat(onDatabase("apps", "list").out())
        .containsPattern("strict .* " + origins + " +no +no");
    assertThat(onDatabase("apps", "set", "strict", "--undeclared-channels", "true", "--json").out())
        .contains("[\"https://a.example\",\"http://localhost:3000\"],\"undeclaredChannels\":true");
  }

  @Test
  void whatIsNoOriginOrNoChangeIsRefused() {
    for (String wrong : List.of("https://a.example/", "a.example", "", "*,https://a.example/x")) {
      CommandRun run = onDatabase("apps", "set", "default", "--allowed-origins", wrong);
      assertThat(run.code()).as(wrong).isEqualTo(2);
      assertThat(run.err()).contains("as browsers write it");
    }
    assertThat(onDatabase("apps", "set", "default").err()).contains("say what to change");
  }

  @Test
  void keysAreListedWithTheirTimesBelowAHeader() {
    String expiry = "2099-01-31T00:00:00Z";
    onDatabase(
        "keys", "create", "--kind", "publish", "--expires-at", expiry, "--label", "a\u001b\nb");

    List<String> lines = onDatabase("keys", "list").out().lines().toList();

    assertThat(lines.getFirst().split(" {2,}"))
        .containsExactly(
            "ID", "KIND", "BEGINS", "STATE", "CREATED", "EXPIRES", "LAST USED", "LABEL");
    assertThat(lines)
        .anySatisfy(
            line ->
                assertThat(line)
                    .containsPattern(
                        "publish +pub_.*\\.\\.\\. +live +20..-..-..T..:..:..Z +" + expiry)
                    .containsPattern(" never +a.u001b.u000ab$"));
  }

  @Test
  void aSubscriberSaysOnStandardErrorThatItIsConnected() {
    publish("connected", "1");

    CommandRun result = subscribe("connected", "--rewind", "1", "--count", "1").join();

    assertThat(result.err()).startsWith("pushgate: subscribed to connected at ").endsWith(":1\n");
    assertThat(result.out()).isEqualTo("1\n");
  }

  @Test
  void theLastManagementKeyStays() {
    onDatabase("apps", "create", "lonely");
    String line =
        onDatabase("keys", "list", "--app", "lonely")
            .out()
            .lines()
            .filter(key -> key.contains("management"))
            .findFirst()
            .orElseThrow();

    CommandRun revoked =
        onDatabase("keys", "revoke", "--app", "lonely", line.substring(0, line.indexOf(' ')));

    assertThat(revoked.code()).isEqualTo(1);
    assertThat(revoked.err()).contains("last management key");
  }

  @Test
  void whereThereIsNoDatabaseNoneIsMade(@TempDir Path elsewhere) {
    CommandRun result =
        CommandRun.of("apps", "list", "--data-dir", elsewhere.resolve("data").toString());

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).startsWith("pushgate: there is no database at ");
    assertThat(elsewhere).isEmptyDirectory();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "publish ok 1 --key pub_wrong0123456789abcdef | INVALID_TOKEN",
        "subscribe ok --key pub_wrong0123456789abcdef | INVALID_TOKEN",
        "publish ok 1 --key x --url http://127.0.0.1:1 | cannot reach the gateway",
        "subscribe ok --key x --url http://127.0.0.1:1 | cannot reach the gateway",
        "keys revoke nothing | the app has no key",
        "keys list --app nobody | there is no app",
        "keys revoke --app nobody k | there is no app",
        "restored | Another Pushgate node owns this database",
      })
  void whatIsRefusedIsOneLineAndCode1(String command, String why) {
    CommandRun result = onOur(command);

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).startsWith("pushgate: ").contains(why);
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.out()).isEmpty();
  }

  private CommandRun onOur(String command) {
    List<String> words = new ArrayList<>(List.of(CommandRun.words(command)));
    boolean talks = command.startsWith("publish") || command.startsWith("subscribe");
    if (talks && !command.contains("--url")) {
      words.addAll(List.of("--url", url()));
    }
    if (!talks && !command.startsWith("serve")) {
      words.addAll(List.of("--data-dir", data.toString()));
    }
    return CommandRun.of(words.toArray(String[]::new));
  }

  private CommandRun publish(String channel, String json, String... more) {
    CommandRun result = withKey("publish", keys.secretKey().reveal(), channel, json, more);
    assertThat(result.err()).isEmpty();
    return result;
  }

  private CompletableFuture<CommandRun> subscribe(String channel, String option, String... more) {
    return CompletableFuture.supplyAsync(
        () -> withKey("subscribe", keys.publishKey().reveal(), channel, option, more),
        task -> Thread.ofVirtual().start(task));
  }

  private CommandRun withKey(
      String command, String key, String first, String second, String... more) {
    List<String> words =
        new ArrayList<>(List.of(command, "--url", url(), "--key", key, first, second));
    words.addAll(List.of(more));
    return CommandRun.of(words.toArray(String[]::new));
  }

  /// Until a message of another event type finds a subscriber.
  private void awaitSubscriber(String channel) {
    Awaitility.await()
        .until(
            () -> publish(channel, "0", "--event", "knock").out(), out -> !out.endsWith(": 0\n"));
  }

  private CommandRun onDatabase(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--data-dir", data.toString()));
    return CommandRun.of(all.toArray(String[]::new));
  }

  private String url() {
    return "http://127.0.0.1:" + gateway.address().getPort();
  }
}
