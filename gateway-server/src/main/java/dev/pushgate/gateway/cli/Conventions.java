package dev.pushgate.gateway.cli;

import dev.pushgate.gateway.app.StartFailedException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// What all commands of all our programs have in common: `--help` and `--version`, one line for
/// each thing that went wrong, and the exit codes 0 done, 1 refused or failed, 2 wrong usage.
/// Thread-safe.
public final class Conventions {
  private Conventions() {}

  /// Makes a program, with all its subcommands in place, keep to them.
  public static CommandLine on(CommandLine program) {
    program
        .setExpandAtFiles(false) // @lobby is a channel, whatever files there are
        .setExecutionExceptionHandler((failure, at, parsed) -> explain(failure, at))
        .setParameterExceptionHandler((mistake, arguments) -> explain(mistake));
    Values.convertersOf(program);
    optionsOfAll(program);
    return program;
  }

  /// Runs this process's program, whose arguments are UTF-8 whatever the locale. Called once.
  ///
  /// @param arguments as `main` got them
  /// @return the exit code
  public static int run(CommandLine program, String[] arguments) {
    Terminal.attach(program);
    try {
      return program.execute(ProcessText.ofThisProcess().arguments(arguments));
    } catch (IllegalArgumentException e) {
      return explain(new ParameterException(program, String.valueOf(e.getMessage())));
    }
  }

  /// Prints how a command is used: what one does that has only subcommands and is given none.
  public static void help(CommandSpec command) {
    command.commandLine().usage(command.commandLine().getOut());
    command.commandLine().getOut().flush();
  }

  private static void optionsOfAll(CommandLine command) {
    command.getCommandSpec().mixinStandardHelpOptions(true).versionProvider(new Version());
    command.getSubcommands().values().forEach(Conventions::optionsOfAll);
  }

  /// One line for what is expected to happen; a stack trace only for what is a bug.
  private static int explain(Exception failure, CommandLine at) {
    int exitCode = CommandLine.ExitCode.SOFTWARE;
    switch (failure) {
      case CommandFailedException expected -> {
        print(at, expected.lines());
        exitCode = expected.exitCode();
      }
      case StartFailedException expected ->
          print(at, List.of(String.valueOf(expected.getMessage())));
      default -> failure.printStackTrace(at.getErr());
    }
    at.getErr().flush();
    return exitCode;
  }

  private static int explain(ParameterException mistake) {
    CommandLine at = mistake.getCommandLine();
    String command = at.getCommandSpec().qualifiedName();
    print(at, List.of(Mistakes.sentence(mistake) + " (see: " + command + " --help)"));
    return CommandLine.ExitCode.USAGE;
  }

  private static void print(CommandLine at, List<String> lines) {
    lines.forEach(line -> at.getErr().println("pushgate: " + ControlFilter.escaped(line)));
    at.getErr().flush();
  }

  /// The version that the build wrote into the jar.
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"pushgate " + text()};
    }

    static String text() {
      String version = Conventions.class.getPackage().getImplementationVersion();
      return version == null ? "(not packaged)" : version;
    }
  }
}
