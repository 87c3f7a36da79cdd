package dev.pushgate.gateway.store;

import static dev.pushgate.gateway.store.Samples.EPOCH;
import static dev.pushgate.gateway.store.Samples.answer;
import static dev.pushgate.gateway.store.Samples.channel;
import static dev.pushgate.gateway.store.Samples.key;
import static dev.pushgate.gateway.store.Samples.publication;
import static dev.pushgate.gateway.store.Stages.await;
import static dev.pushgate.gateway.store.Stages.refusalOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.store.OpenedStream;
import dev.pushgate.gateway.store.dialect.Claim;
import dev.pushgate.gateway.store.dialect.StoreConfig;
import dev.pushgate.gateway.store.dialect.StoreStartException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoreStartIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(Backend.class)
  void whatWasStoredIsThereAfterTheNextStart(Backend backend) {
    StoreConfig config = backend.fresh(directory, Backend.PATIENT);
    ChannelKey key = key();
    try (SqlStore store = open(config)) {
      await(store.keys().createApp(Samples.app(AppId.DEFAULT), List.of()));
      await(store.streams().declare(channel(key), new StreamPosition(EPOCH, 0)));
      await(
          store
              .streams()
              .append(publication(key, 1), answer("k", publication(key, 1), Long.MAX_VALUE)));
    }

    try (SqlStore store = open(config)) {
      OpenedStream opened = await(store.streams().open(key, 10, 10_000)).orElseThrow();
      assertThat(opened.head()).isEqualTo(new StreamPosition(EPOCH, 1));
      assertThat(opened.answers())
          .containsExactly(answer("k", publication(key, 1), Long.MAX_VALUE));
      await(store.streams().append(publication(key, 2), null));
    }
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void aSecondOwnerIsRefusedUntilTheFirstHasGone(Backend backend) {
    StoreConfig config = backend.fresh(directory, TIMEOUT);
    try (SqlStore first = open(config)) {
      assertThat(first.health().owned()).isTrue();
      assertThat(refusalToOpen(config)).startsWith("Another Pushgate node owns this database");
      assertThat(first.health().owned()).isTrue();
    }
    try (SqlStore second = open(config)) {
      assertThat(second.health().owned()).isTrue();
    }
  }

  @Test
  void aSecondOwnerIsRefusedAlsoWhenItComesByALink() throws IOException {
    Path file = directory.resolve("pushgate.db");
    try (SqlStore first = open(sqlite(file))) {
      Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
      Path link = Files.createSymbolicLink(elsewhere.resolve("other.db"), file);

      assertThat(refusalToOpen(sqlite(link)))
          .startsWith("Another Pushgate node owns this database");
      assertThat(first.health().owned()).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void aToolBesideTheNodeReadsStreamsButWritesNone(Backend backend) {
    StoreConfig config = backend.fresh(directory, Backend.PATIENT);
    ChannelKey key = key();
    try (SqlStore node = open(config);
        SqlStore tool = open(Backend.beside(config))) {
      await(tool.keys().createApp(Samples.app(AppId.DEFAULT), List.of()));
      await(node.streams().declare(channel(key), new StreamPosition(EPOCH, 0)));

      assertThat(refusalOf(tool.streams().append(publication(key, 1), null)))
          .contains("without the ownership");
      assertThat(refusalOf(tool.streams().delete(key))).contains("without the ownership");
      assertThat(await(tool.catalog().find(key))).isPresent();
      await(node.streams().append(publication(key, 1), null));
    }
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void aToolMayComeBeforeTheFirstStart(Backend backend) {
    StoreConfig config = backend.fresh(directory, Backend.PATIENT);
    try (SqlStore tool = open(Backend.beside(config))) {
      await(tool.keys().createApp(Samples.app(AppId.DEFAULT), List.of()));
    }
    try (SqlStore node = open(config)) {
      assertThat(await(node.keys().load()).apps()).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource(Backend.class)
  void aSchemaOfANewerProgramIsRefused(Backend backend) throws SQLException {
    StoreConfig config = backend.fresh(directory, TIMEOUT);
    open(config).close();
    execute(
        config,
        "INSERT INTO pushgate_schema_history (installed_rank, version, description, type, script,"
            + " installed_by, execution_time, success)"
            + " SELECT 999, '999', 'future', 'SQL', 'V999__future.sql', installed_by, 1, success"
            + " FROM pushgate_schema_history WHERE installed_rank = 1");

    assertThat(refusalToOpen(config)).contains("made by a newer Pushgate");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "mysql://x",
        "jdbc:sqlite:",
        "jdbc:sqlite::memory:",
        "jdbc:sqlite:a.db?x=y",
        "jdbc:postgresql://host:port/x"
      })
  void aBadUrlIsRefusedWithAnExample(String url) {
    assertThat(refusalToOpen(at(url))).startsWith("The store's URL is to ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"LATIN1", "SQL_ASCII"})
  void aDatabaseThatCannotHoldEveryCharacterIsRefused(String encoding) throws SQLException {
    StoreConfig server = Backend.POSTGRES.fresh(directory, TIMEOUT);
    String name = "pushgate_encoded_" + encoding.toLowerCase(Locale.ROOT);
    execute(server, "DROP DATABASE IF EXISTS " + name);
    execute(
        server,
        "CREATE DATABASE "
            + name
            + " ENCODING '"
            + encoding
            + "' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'");
    String url = server.url().replaceFirst("(jdbc:postgresql://[^/]*/)[^?]*", "$1" + name);
    StoreConfig config =
        new StoreConfig(url, server.user(), server.password(), 4, TIMEOUT, Claim.ALONE);

    assertThat(refusalToOpen(config)).contains("has the encoding " + encoding).contains("UTF8");
    assertThat(refusalToOpen(Backend.beside(config))).contains("has the encoding " + encoding);
    execute(server, "DROP DATABASE " + name);
  }

  @Test
  void onlyWhatMayBeOtherwiseInAMomentIsWorthAnotherTry() {
    StoreConfig server = Backend.POSTGRES.fresh(directory, TIMEOUT);

    assertThat(startException(at("jdbc:postgresql://127.0.0.1:1/gate")).mayPass()).isTrue();
    String missing = server.url().replaceFirst("(jdbc:postgresql://[^/]*/)[^?]*", "$1missing");
    StoreConfig noSuch =
        new StoreConfig(missing, server.user(), server.password(), 4, TIMEOUT, Claim.ALONE);
    assertThat(startException(noSuch).mayPass()).isFalse();
    assertThat(startException(at("mysql://x")).mayPass()).isFalse();
  }

  @Test
  void aServerThatIsNotThereIsNamedWithoutItsPassword() {
    String refusal = refusalToOpen(at("jdbc:postgresql://127.0.0.1:1/gate?password=hunter2"));

    assertThat(refusal)
        .startsWith("The PostgreSQL database gate at 127.0.0.1:1 cannot be reached: ")
        .doesNotContain("hunter2")
        .doesNotContain("\n");
  }

  @Test
  void aDirectoryThatIsAFileIsRefused() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));

    assertThat(refusalToOpen(sqlite(file.resolve("pushgate.db")))).contains("cannot be used: ");
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsRefused() {
    // Also root cannot make a file there.
    assertThat(refusalToOpen(sqlite(Path.of("/proc/pushgate/pushgate.db"))))
        .contains("The database file /proc/pushgate/pushgate.db cannot be used: ");
  }

  @Test
  void aFileThatIsNoDatabaseIsRefused() throws IOException {
    Path file = Files.writeString(directory.resolve("pushgate.db"), "no database\n".repeat(1_000));

    assertThat(refusalToOpen(sqlite(file))).endsWith("is not a SQLite database");
  }

  @Test
  void aFileThatAnotherProgramHasLockedIsRefused() throws SQLException {
    StoreConfig config = sqlite(directory.resolve("pushgate.db"));
    try (Connection other = DriverManager.getConnection(config.url())) {
      execute(other, "CREATE TABLE mine (x)");
      execute(other, "BEGIN EXCLUSIVE");

      assertThat(refusalToOpen(config)).endsWith("is locked by another program");
    }
  }

  @Test
  void theDatabaseFileIsReadableByItsOwnerOnly() throws IOException {
    Path file = directory.resolve("deep").resolve("down").resolve("pushgate.db");
    try (SqlStore store = open(sqlite(file))) {
      assertThat(store.health().reachable()).isTrue();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void theLockFileIsItsOwnersAloneAndSaysWhoThatIs() throws IOException {
    Path file = directory.resolve("pushgate.db");
    Path lock = directory.resolve("pushgate.db.lock");
    Files.createFile(lock);
    Files.setPosixFilePermissions(lock, PosixFilePermissions.fromString("rw-r--r--"));
    try (SqlStore store = open(sqlite(file))) {
      assertThat(store.health().owned()).isTrue();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(lock)))
          .isEqualTo("rw-------");
      assertThat(Files.readString(lock)).startsWith(ProcessHandle.current().pid() + " on ");
      assertThat(refusalToOpen(sqlite(file)))
          .contains(lock + " is locked by process " + ProcessHandle.current().pid() + " on ")
          .contains(" since ");
    }
  }

  @Test
  void aLockThatIsNotItsOwnersIsCalledSo() throws IOException {
    Path lock = Files.writeString(directory.resolve("pushgate.db.lock"), "x");
    open(sqlite(directory.resolve("pushgate.db"))).close();
    String note = Files.readString(lock).replaceFirst("^\\d+", "999999999");
    Files.writeString(lock, note);
    try (FileChannel other = FileChannel.open(lock, StandardOpenOption.READ);
        FileLock held = other.lock(0, 1, true)) {
      assertThat(held.isValid()).isTrue();
      assertThat(refusalToOpen(sqlite(directory.resolve("pushgate.db"))))
          .startsWith("Some program has locked " + lock)
          .contains("; the last node that owned this database, process 999999999, has ended");
      Files.writeString(lock, "x");
      assertThat(refusalToOpen(sqlite(directory.resolve("pushgate.db"))))
          .startsWith("Some program has locked " + lock);
    }
  }

  private static SqlStore open(StoreConfig config) {
    return SqlStore.open(config, Clock.systemUTC());
  }

  private static String refusalToOpen(StoreConfig config) {
    return String.valueOf(startException(config).getMessage());
  }

  private static StoreStartException startException(StoreConfig config) {
    StoreStartException refusal =
        catchThrowableOfType(StoreStartException.class, () -> open(config).close());
    assertThat(refusal).isNotNull();
    return refusal;
  }

  private static StoreConfig sqlite(Path file) {
    return at("jdbc:sqlite:" + file);
  }

  private static StoreConfig at(String url) {
    return new StoreConfig(url, null, null, 4, Duration.ofSeconds(1), Claim.ALONE);
  }

  private static void execute(StoreConfig config, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(config.url(), config.user(), null)) {
      execute(connection, sql);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
