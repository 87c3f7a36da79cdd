package dev.pushgate.gateway.cli;

import dev.pushgate.auth.Secret;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/// The options of commands that talk to a gateway as its clients do. Confined to one command.
final class ServerOptions {
  /// How long a gateway may take to accept a connection or to answer a request.
  static final Duration PATIENCE = Duration.ofSeconds(30);

  /// Where a gateway is that nobody configured.
  static final String DEFAULT_URL = "http://localhost:8080";

  @Spec(Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "${env:PUSHGATE_URL:-" + DEFAULT_URL + "}",
      description = "Where the gateway is. Default: $PUSHGATE_URL, or " + DEFAULT_URL + ".")
  private URI url = URI.create(DEFAULT_URL);

  @Option(
      names = "--key",
      paramLabel = "KEY",
      defaultValue = "${env:PUSHGATE_KEY}",
      description =
          "An API key or connection token. Better kept in $PUSHGATE_KEY: others see options.")
  private @Nullable String key;

  /// @throws ParameterException when there is none
  Secret key() {
    if (key == null || key.isBlank()) {
      throw new ParameterException(
          command.commandLine(), "there is no key: set PUSHGATE_KEY, or give --key");
    }
    return new Secret(key.strip());
  }

  /// The gateway's address with this path.
  ///
  /// @throws ParameterException when it is no http or https URL
  URI at(String path) {
    boolean isHttp = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    if (!isHttp || url.getHost() == null) {
      throw new ParameterException(
          command.commandLine(), "the gateway's URL is not like " + DEFAULT_URL + ": " + url);
    }
    return URI.create(url.toString().replaceFirst("/+$", "") + path);
  }

  /// Where sessions are opened.
  URI socket() {
    return URI.create(at("/ws").toString().replaceFirst("^http", "ws"));
  }

  /// What to say when the gateway cannot be reached.
  String unreachable(Throwable failure) {
    return "cannot reach the gateway at " + url + ": " + reason(failure).replaceAll("\\s+", " ");
  }

  /// The HTTP client wraps it more than once.
  private static boolean isUnresolved(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .anyMatch(UnresolvedAddressException.class::isInstance);
  }

  /// The HTTP client leaves most of these without a message.
  private static String reason(Throwable failure) {
    return switch (failure) {
      case ConnectException e when isUnresolved(e) -> "there is no such host";
      case HttpTimeoutException _ -> "it did not answer in time";
      case ConnectException e when e.getMessage() == null -> "nobody listens there";
      default ->
          Objects.requireNonNullElse(failure.getMessage(), failure.getClass().getSimpleName());
    };
  }
}
