package dev.pushgate.bench;

import dev.pushgate.auth.KeyKind;
import dev.pushgate.auth.KeyText;
import dev.pushgate.auth.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Starts servers to be measured, on free ports of this machine, and ends them. Immutable.
///
/// @param home the project's directory, with the launcher and the floor's source
record Servers(Path home) {
  private static final Pattern GATEWAY_PORT = Pattern.compile("REST +http://[^ ]*:([0-9]+)/");
  private static final Pattern FLOOR_PORT = Pattern.compile("^([0-9]+)$");

  /// A new gateway with an empty database of its own.
  <T> T withGateway(Function<Target, T> use) {
    Secret key = KeyText.generate(KeyKind.SECRET);
    try (TemporaryDirectory data = TemporaryDirectory.create()) {
      ProcessBuilder builder =
          new ProcessBuilder(
              home.resolve("pushgate").toString(),
              "serve",
              "--host",
              "127.0.0.1",
              "--port",
              "0",
              "--management-port",
              "0",
              "--data-dir",
              data.path().resolve("data").toString());
      builder.directory(data.path().toFile());
      withoutSettings(builder.environment());
      builder.environment().put("PUSHGATE_BOOTSTRAP_SECRET_KEY", key.reveal());
      builder.environment().put("PUSHGATE_LOG_LEVEL", "warn");
      try (ServerProcess server = ServerProcess.start(builder, GATEWAY_PORT)) {
        return use.apply(target("gateway", server, key, true));
      }
    }
  }

  /// What is meant for the gateways of the caller is not meant for this one.
  private static void withoutSettings(Map<String, String> environment) {
    environment
        .keySet()
        .removeIf(name -> name.startsWith("PUSHGATE_") && !name.startsWith("PUSHGATE_JAVA_"));
  }

  /// The floor, compiled by the machine's C compiler.
  <T> T withFloor(Function<Target, T> use) {
    try (TemporaryDirectory directory = TemporaryDirectory.create()) {
      Path program = directory.path().resolve("floor");
      compile(home.resolve(Path.of("benchmarks", "src", "main", "c", "floor.c")), program);
      ProcessBuilder builder = new ProcessBuilder(program.toString());
      try (ServerProcess server = ServerProcess.start(builder, FLOOR_PORT)) {
        return use.apply(target("floor", server, new Secret("none"), false));
      }
    }
  }

  private static void compile(Path source, Path program) {
    try {
      Process compiler =
          new ProcessBuilder("cc", "-O2", "-o", program.toString(), source.toString())
              .inheritIO()
              .start();
      if (compiler.waitFor() != 0) {
        throw new BenchFailedException("cc could not compile " + source);
      }
    } catch (IOException e) {
      throw new BenchFailedException("the floor needs a C compiler (cc) on the PATH");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BenchFailedException("interrupted");
    }
  }

  private static Target target(String name, ServerProcess server, Secret key, boolean isGateway) {
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());
    return new Target(
        name, address, List.of(address), key, isGateway, OptionalLong.of(server.pid()));
  }
}
