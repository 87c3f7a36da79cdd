package dev.pushgate.gateway.cli;

import dev.pushgate.gateway.app.Gateway;
import dev.pushgate.gateway.app.Server;
import dev.pushgate.gateway.app.StartFailedException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;

/// The program `pushgate`. Exit codes: 0 done, 1 refused or failed, 2 wrong usage.
@Command(
    name = "pushgate",
    description = "A self-hosted pub/sub WebSocket gateway for serverless applications.",
    mixinStandardHelpOptions = true,
    versionProvider = Pushgate.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {Apps.class, Keys.class, Publish.class, Restored.class, Subscribe.class},
    footer = {
      "  bench      Measure a gateway under load (see: pushgate bench --help).",
      "",
      "Exit codes: 0 done, 1 refused or failed, 2 wrong usage."
    })
public final class Pushgate {
  private Pushgate() {}

  public static void main(String[] arguments) {
    System.exit(commandLine(new Gateway()).execute(arguments));
  }

  /// The whole command line, with `server` behind `serve`.
  static CommandLine commandLine(Server server) {
    CommandLine commandLine = new CommandLine(new Pushgate());
    commandLine.addSubcommand(new Serve(server));
    commandLine
        .setExecutionExceptionHandler((failure, at, parsed) -> explain(failure, at))
        .setParameterExceptionHandler((mistake, arguments) -> explain(mistake));
    commandLine.getSubcommands().values().forEach(Pushgate::helpEverywhere);
    return commandLine;
  }

  private static void helpEverywhere(CommandLine command) {
    command.getCommandSpec().mixinStandardHelpOptions(true).versionProvider(new Version());
    command.getSubcommands().values().forEach(Pushgate::helpEverywhere);
  }

  /// One line for what is expected to happen; a stack trace only for what is a bug.
  private static int explain(Exception failure, CommandLine at) {
    switch (failure) {
      case CommandFailedException expected -> print(at, expected.lines());
      case StartFailedException expected ->
          print(at, List.of(String.valueOf(expected.getMessage())));
      default -> failure.printStackTrace(at.getErr());
    }
    at.getErr().flush();
    return CommandLine.ExitCode.SOFTWARE;
  }

  private static int explain(ParameterException mistake) {
    CommandLine at = mistake.getCommandLine();
    String command = at.getCommandSpec().qualifiedName();
    print(at, List.of(mistake.getMessage() + " (see: " + command + " --help)"));
    return CommandLine.ExitCode.USAGE;
  }

  private static void print(CommandLine at, List<String> lines) {
    lines.forEach(line -> at.getErr().println("pushgate: " + line));
    at.getErr().flush();
  }

  /// The version that the build wrote into the jar.
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"pushgate " + text()};
    }

    static String text() {
      String version = Pushgate.class.getPackage().getImplementationVersion();
      return version == null ? "(not packaged)" : version;
    }
  }
}
