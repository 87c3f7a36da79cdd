package dev.pushgate.gateway.cli;

import dev.pushgate.auth.Secret;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
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

  private static final int MAX_PORT = 65_535;

  /// Names of classes in what libraries say, which tell people nothing.
  private static final Pattern CLASS_NAME =
      Pattern.compile("\\b(?:[a-z][a-z0-9_]*\\.)+(?:[A-Z]\\w*[.$])*[A-Z]\\w*(?::\\s*)?");

  @Spec(Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "${env:PUSHGATE_URL:-" + DEFAULT_URL + "}",
      description = "Where the gateway is. Default: $PUSHGATE_URL, or " + DEFAULT_URL + ".")
  private URI url = URI.create(DEFAULT_URL);

  @Mixin private KeyOptions keys = new KeyOptions();

  /// @throws ParameterException when there is none
  Secret key() {
    return keys.key();
  }

  /// Whether the key comes by standard input, which then has nothing else.
  boolean readsStandardInput() {
    return keys.isStandardInput();
  }

  /// The gateway's address with this path.
  ///
  /// @throws ParameterException when it is no http or https URL
  URI at(String path) {
    boolean isHttp = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    boolean isAddress = url.getHost() != null && url.getPort() <= MAX_PORT;
    if (!isHttp || !isAddress || url.getRawQuery() != null || url.getRawFragment() != null) {
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
    return "cannot reach the gateway at "
        + url
        + ": "
        + reason(failure).replaceAll("\\s+", " ").strip();
  }

  /// The HTTP client wraps it more than once.
  private static boolean isUnresolved(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .anyMatch(UnresolvedAddressException.class::isInstance);
  }

  private static String inWords(Throwable failure) {
    String words = CLASS_NAME.matcher(String.valueOf(failure.getMessage())).replaceAll("").strip();
    return failure.getMessage() == null || words.isEmpty() ? "the connection broke" : words;
  }

  /// The HTTP client leaves most of these without a message.
  private static String reason(Throwable failure) {
    return switch (failure) {
      case ConnectException e when isUnresolved(e) -> "there is no such host";
      case HttpTimeoutException _ -> "it did not answer in time";
      case ConnectException e when e.getMessage() == null -> "nobody listens there";
      default -> inWords(failure);
    };
  }
}
