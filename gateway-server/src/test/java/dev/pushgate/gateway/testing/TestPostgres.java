package dev.pushgate.gateway.testing;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.UUID;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/// The PostgreSQL that a test JVM uses, started when it is first asked for: the one that
/// `PUSHGATE_TEST_POSTGRES_URL` names, else a container where Docker gives one, else one of this
/// machine's or the test dependencies' own binaries. Thread-safe.
public final class TestPostgres {
  private static final String URL_VARIABLE = "PUSHGATE_TEST_POSTGRES_URL";
  private static final String CONTAINER_IMAGE = "postgres:18-alpine";

  private TestPostgres() {}

  private static final class Shared {
    static final TestDatabase SERVER = start();
  }

  /// A fresh, empty database on the JVM's server.
  public static TestDatabase freshDatabase() {
    return freshDatabaseOn(Shared.SERVER);
  }

  /// A fresh, empty database beside the given one.
  static TestDatabase freshDatabaseOn(TestDatabase server) {
    String name = "pushgate_" + UUID.randomUUID().toString().replace("-", "");
    try (Connection connection =
            DriverManager.getConnection(server.url(), server.user(), server.password());
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    } catch (SQLException e) {
      throw new IllegalStateException("the test's PostgreSQL makes no database", e);
    }
    String url = server.url().replaceFirst("(jdbc:postgresql://[^/]*/)[^?]*", "$1" + name);
    return new TestDatabase(url, server.user(), server.password());
  }

  private static TestDatabase start() {
    String url = System.getenv(URL_VARIABLE);
    if (url != null && !url.isBlank()) {
      return new TestDatabase(url, null, null);
    }
    return container().orElseGet(() -> PostgresProcess.start().database());
  }

  /// Empty where no Docker answers, or it cannot get the image. Never stopped here: Testcontainers
  /// removes it when this JVM has ended.
  @SuppressWarnings("resource")
  private static Optional<TestDatabase> container() {
    try {
      if (!DockerClientFactory.instance().isDockerAvailable()) {
        return Optional.empty();
      }
      PostgreSQLContainer container = new PostgreSQLContainer(CONTAINER_IMAGE);
      container.start();
      return Optional.of(
          new TestDatabase(
              container.getJdbcUrl(), container.getUsername(), container.getPassword()));
    } catch (RuntimeException e) {
      System.err.println("no PostgreSQL in a container: " + e.getMessage());
      return Optional.empty();
    }
  }
}
