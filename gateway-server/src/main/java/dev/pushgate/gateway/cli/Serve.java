package dev.pushgate.gateway.cli;

import dev.pushgate.gateway.app.Running;
import dev.pushgate.gateway.app.Server;
import dev.pushgate.gateway.app.StartFailedException;
import dev.pushgate.gateway.config.EffectiveSettings;
import dev.pushgate.gateway.observe.LogOutput;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `pushgate serve`. Confined to one command.
@Command(
    name = "serve",
    description = {
      "Run the gateway until it is told to stop (Ctrl-C, SIGTERM).",
      "Every setting can also be written in pushgate.yaml or given as an environment variable; see"
          + " docs/config.md."
    })
final class Serve implements Callable<Integer> {
  private static final Logger log = LoggerFactory.getLogger(Serve.class);

  private final Server server;

  @Mixin private SettingsOptions settingsOptions = new SettingsOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  Serve(Server server) {
    this.server = server;
  }

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description = "The address to listen on for clients (pushgate.http.host).")
  void host(String value) {
    settingsOptions.set("pushgate.http.host", value);
  }

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "The port for clients; 0 takes any free one (pushgate.http.port).")
  void port(String value) {
    settingsOptions.set("pushgate.http.port", value);
  }

  @Option(
      names = "--management-port",
      paramLabel = "PORT",
      description = "The port for health and metrics (pushgate.management.port).")
  void managementPort(String value) {
    settingsOptions.set("pushgate.management.port", value);
  }

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "Any setting, by its whole name. May be repeated.")
  void any(List<String> values) {
    for (String value : values) {
      int equals = value.indexOf('=');
      if (equals < 1) {
        throw new ParameterException(
            spec.commandLine(), "--set takes NAME=VALUE, such as --set pushgate.http.port=8080");
      }
      settingsOptions.set(value.substring(0, equals), value.substring(equals + 1));
    }
  }

  @Override
  public Integer call() throws StartFailedException, InterruptedException {
    EffectiveSettings effective = settingsOptions.read();
    LogOutput.setLevel(effective.settings().log().level());
    effective.given().forEach(line -> log.info("Setting {}", line));
    effective.passedOver().forEach(name -> log.info("{} is not a setting: it is ignored", name));
    Running running = server.start(effective.settings());
    Duration limit = effective.settings().shutdown().limit();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stopAndExit(running, limit), "shutdown"));
    spec.commandLine().getOut().print(new Banner(running, effective.settings()).text());
    spec.commandLine().getOut().flush();
    return running.awaitStopped() ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  /// Java ends with 143 after a SIGTERM; a gateway that stopped in order ends with 0, unless it
  /// stopped because it could not go on; one that could not within its limit, perhaps because its
  /// database hangs, ends anyway.
  private static void stopAndExit(Running running, Duration limit) {
    int exitCode = ExitCode.SOFTWARE;
    try {
      if (Thread.ofPlatform().name("stopping").start(running::stop).join(limit)) {
        exitCode = running.awaitStopped() ? ExitCode.OK : ExitCode.SOFTWARE;
        log.info("Stopped");
      } else {
        log.error("Stopping took longer than pushgate.shutdown.limit; the process ends anyway");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(exitCode);
  }
}
