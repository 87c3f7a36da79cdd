package dev.pushgate.gateway.testing;

import java.util.Optional;
import java.util.UUID;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;

/// The Redis that a test JVM uses, started when it is first asked for: the one that
/// `PUSHGATE_TEST_REDIS_URL` names, else a container where Docker gives one, else one of this
/// machine's or the test dependencies' own binaries. Tests share it, so each takes a prefix of its
/// own; those that break it or empty it use a [RedisProcess]. Thread-safe.
public final class TestRedis {
  private static final String URL_VARIABLE = "PUSHGATE_TEST_REDIS_URL";
  private static final String CONTAINER_IMAGE = "redis:8-alpine";
  private static final int REDIS_PORT = 6379;

  private TestRedis() {}

  private static final class Shared {
    static final String URL = start();
  }

  /// The shared server.
  public static String url() {
    return Shared.URL;
  }

  /// A prefix of keys that no other test uses.
  public static String freshPrefix() {
    return "test-" + UUID.randomUUID();
  }

  private static String start() {
    String url = System.getenv(URL_VARIABLE);
    if (url != null && !url.isBlank()) {
      return url;
    }
    return container().orElseGet(() -> RedisProcess.start().url());
  }

  /// Empty where no Docker answers, or it cannot get the image. Never stopped here: Testcontainers
  /// removes it when this JVM has ended.
  @SuppressWarnings("resource")
  private static Optional<String> container() {
    try {
      if (!DockerClientFactory.instance().isDockerAvailable()) {
        return Optional.empty();
      }
      GenericContainer<?> container =
          new GenericContainer<>(CONTAINER_IMAGE).withExposedPorts(REDIS_PORT);
      container.start();
      return Optional.of(
          "redis://" + container.getHost() + ":" + container.getMappedPort(REDIS_PORT));
    } catch (RuntimeException e) {
      System.err.println("no Redis in a container: " + e.getMessage());
      return Optional.empty();
    }
  }
}
