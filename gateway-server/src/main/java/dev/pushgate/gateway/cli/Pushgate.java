package dev.pushgate.gateway.cli;

import dev.pushgate.gateway.app.Gateway;
import dev.pushgate.gateway.app.Server;
import java.time.Clock;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// The program `pushgate`.
@Command(
    name = "pushgate",
    description = "A self-hosted pub/sub WebSocket gateway for serverless applications.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {Publish.class, Subscribe.class},
    footer = {
      "  bench      Measure a gateway under load (see: pushgate bench --help).",
      "",
      "Exit codes: 0 done, 1 refused or failed, 2 wrong usage or settings."
    })
public final class Pushgate implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  private Pushgate() {}

  public static void main(String[] arguments) {
    System.exit(Conventions.run(commandLine(new Gateway(), Clock.systemUTC()), arguments));
  }

  /// The whole command line, with `server` behind `serve`.
  static CommandLine commandLine(Server server, Clock clock) {
    return Conventions.on(
        new CommandLine(new Pushgate())
            .addSubcommand(new Serve(server))
            .addSubcommand(Apps.commandLine(clock))
            .addSubcommand(Keys.commandLine(clock))
            .addSubcommand(new Restored(clock)));
  }

  /// Without a command there is help.
  @Override
  public void run() {
    Conventions.help(spec);
  }
}
