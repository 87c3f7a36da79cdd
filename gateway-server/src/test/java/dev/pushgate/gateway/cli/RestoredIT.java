package dev.pushgate.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.gateway.app.Gateway;
import dev.pushgate.gateway.app.Running;
import dev.pushgate.gateway.app.StartFailedException;
import dev.pushgate.gateway.config.InvalidSettingsException;
import dev.pushgate.gateway.config.SettingsReader;
import dev.pushgate.gateway.protocol.client.JsonText;
import dev.pushgate.gateway.testing.TestDatabase;
import dev.pushgate.gateway.testing.TestPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A database is put back from a copy that is older than what clients have seen.
class RestoredIT {
  private static final String PUBLISH_KEY = "pub_restored-0123456789";
  private static final String SECRET_KEY = "sec_restored-0123456789";

  @TempDir Path directory;

  enum Database {
    SQLITE {
      @Override
      String url(Path directory) {
        return "jdbc:sqlite:" + directory.resolve("pushgate.db");
      }

      @Override
      String copy(String url, Path directory) throws IOException {
        Path copy = directory.resolve("copy.db");
        Files.copy(Path.of(url.substring("jdbc:sqlite:".length())), copy);
        return "jdbc:sqlite:" + copy;
      }
    },
    POSTGRES {
      @Override
      String url(Path directory) {
        TestDatabase database = TestPostgres.freshDatabase();
        String url = with(database.url(), "user", database.user());
        return with(url, "password", database.password());
      }

      @Override
      String copy(String url, Path directory) throws SQLException {
        String name = url.replaceFirst("jdbc:postgresql://[^/]*/([^?]*).*", "$1");
        String other = TestPostgres.freshDatabase().url().replaceFirst("\\?.*", "");
        String parameters = url.replaceFirst("[^?]*", "");
        try (Connection connection = DriverManager.getConnection(other + parameters);
            var statement = connection.createStatement()) {
          statement.execute("CREATE DATABASE " + name + "_copy TEMPLATE " + name);
        }
        return url.replaceFirst(name, name + "_copy");
      }
    };

    abstract String url(Path directory);

    /// A copy of a database that nobody uses.
    abstract String copy(String url, Path directory) throws IOException, SQLException;

    private static String with(String url, String name, @Nullable String value) {
      return value == null ? url : url + (url.contains("?") ? "&" : "?") + name + "=" + value;
    }
  }

  @ParameterizedTest
  @EnumSource(Database.class)
  void whoSawMoreThanTheCopyHasIsToldToReloadAndTheHistoryIsKept(Database database)
      throws Exception {
    String original = database.url(directory);
    Running gateway = start(original);
    declare(gateway);
    publish(gateway, "1");
    String epoch = epochOf(publish(gateway, "2"));
    gateway.stop();
    String copy = database.copy(original, directory);
    gateway = start(original);
    publish(gateway, "3");
    publish(gateway, "4");
    gateway.stop();

    CommandRun restored = CommandRun.of("restored", "--store-url", copy);

    assertThat(restored.err()).isEmpty();
    assertThat(restored.out()).isEqualTo("began a new epoch in 1 channel\n");
    gateway = start(copy);
    try {
      for (int n = 5; n <= 8; n++) {
        publish(gateway, Integer.toString(n));
      }
      CommandRun resumed = subscribeAfter(gateway, epoch, 4);
      assertThat(resumed.err()).contains("messages are missing");
      assertThat(history(gateway))
          .containsSubsequence("content\":6", "content\":5", "content\":2", "content\":1");
    } finally {
      gateway.stop();
    }
  }

  @ParameterizedTest
  @EnumSource(Database.class)
  void aDatabaseInUseIsLeftAlone(Database database) throws Exception {
    String url = database.url(directory);
    Running gateway = start(url);
    try {
      declare(gateway);
      String before = epochOf(publish(gateway, "1"));

      CommandRun refused = CommandRun.of("restored", "--store-url", url);

      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.err())
          .startsWith("pushgate: Another Pushgate node owns this database")
          .hasLineCount(1);
      assertThat(epochOf(publish(gateway, "2"))).isEqualTo(before);
    } finally {
      gateway.stop();
    }
  }

  private Running start(String url) throws StartFailedException, InvalidSettingsException {
    Map<String, String> options =
        Map.of(
            "pushgate.http.host", "127.0.0.1",
            "pushgate.http.port", "0",
            "pushgate.management.port", "0",
            "pushgate.shards", "2",
            "pushgate.shutdown.drain", "0s",
            "pushgate.bootstrap.publish-key", PUBLISH_KEY,
            "pushgate.bootstrap.secret-key", SECRET_KEY,
            "pushgate.store.url", url);
    return new Gateway()
        .start(new SettingsReader(Map.of(), Map.of()).read(null, options).settings());
  }

  private static void declare(Running gateway) throws IOException, InterruptedException {
    assertThat(call(gateway, "", Optional.of("{\"name\":\"Orders\",\"slug\":\"orders\"}")))
        .contains("\"slug\":\"orders\"");
  }

  private static String history(Running gateway) throws IOException, InterruptedException {
    return call(gateway, "/orders/messages?pageSize=100", Optional.empty());
  }

  private static String call(Running gateway, String path, Optional<String> body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(urlOf(gateway) + "/api/v1/channels" + path))
            .header("Authorization", "Bearer " + SECRET_KEY)
            .header("Content-Type", "application/json");
    body.ifPresent(json -> request.POST(BodyPublishers.ofString(json)));
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), BodyHandlers.ofString()).body();
    }
  }

  private static String publish(Running gateway, String json) {
    return onGateway(gateway, SECRET_KEY, "publish", "orders", json, "--json").out();
  }

  private static String epochOf(String published) {
    return String.valueOf(
        JsonText.string(JsonText.properties(published.strip()).orElseThrow().get("epoch")));
  }

  /// Until it has heard one message.
  private static CommandRun subscribeAfter(Running gateway, String epoch, int offset) {
    CompletableFuture<CommandRun> subscriber =
        CompletableFuture.supplyAsync(
            () ->
                onGateway(
                    gateway,
                    PUBLISH_KEY,
                    "subscribe",
                    "orders",
                    "--since",
                    epoch + ":" + offset,
                    "--count",
                    "1"),
            task -> Thread.ofVirtual().start(task));
    Awaitility.await()
        .until(
            () -> {
              publish(gateway, "9");
              return subscriber.isDone();
            });
    return subscriber.join();
  }

  private static CommandRun onGateway(
      Running gateway, String key, String command, String... words) {
    return CommandRun.of(
        Stream.concat(
                Stream.of(command, "--url", urlOf(gateway), "--key", key), Arrays.stream(words))
            .toArray(String[]::new));
  }

  private static String urlOf(Running gateway) {
    return "http://127.0.0.1:" + gateway.address().getPort();
  }
}
