package dev.pushgate.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The program behind `pushgate bench`. Exit codes: 0 measured and sound, 1 unsound or failed, 2
/// wrong usage.
@Command(
    name = "pushgate bench",
    description = "Measures a gateway under load.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = Fanout.class)
public final class Bench {
  private Bench() {}

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new Bench());
    return commandLine.setExecutionExceptionHandler(
        (failure, at, parsed) -> {
          if (failure instanceof BenchFailedException) {
            at.getErr().println("pushgate: " + failure.getMessage());
          } else {
            failure.printStackTrace(at.getErr());
          }
          return CommandLine.ExitCode.SOFTWARE;
        });
  }
}
