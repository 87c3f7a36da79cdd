package dev.pushgate.bench;

import dev.pushgate.gateway.cli.Conventions;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// The program behind `pushgate bench`. Exit codes: 0 measured and sound, 1 unsound or failed, 2
/// wrong usage.
@Command(
    name = "pushgate bench",
    description = "Measures a gateway under load.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = Fanout.class)
public final class Bench implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  private Bench() {}

  public static void main(String[] arguments) {
    System.exit(Conventions.run(commandLine(), arguments));
  }

  static CommandLine commandLine() {
    return Conventions.on(new CommandLine(new Bench()));
  }

  /// Without a command there is help.
  @Override
  public void run() {
    Conventions.help(spec);
  }
}
