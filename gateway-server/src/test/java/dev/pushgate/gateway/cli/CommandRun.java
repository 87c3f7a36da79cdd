package dev.pushgate.gateway.cli;

import dev.pushgate.gateway.app.StartFailedException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import picocli.CommandLine;

/// What came of a command. Immutable.
record CommandRun(int code, String out, String err) {

  /// Runs a command in this process; one that would start a gateway fails instead.
  static CommandRun of(String... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commandLine =
        Pushgate.commandLine(
            settings -> {
              throw new StartFailedException("not started");
            },
            Clock.systemUTC());
    commandLine.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int code = commandLine.execute(words);
    return new CommandRun(code, out.toString(), err.toString());
  }

  /// The words of a command line without quotes.
  static String[] words(String command) {
    return command.isBlank() ? new String[0] : command.strip().split(" ");
  }
}
