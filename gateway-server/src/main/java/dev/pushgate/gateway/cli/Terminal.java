package dev.pushgate.gateway.cli;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Help;

/// Where a program prints: UTF-8 whatever the locale, and nothing that a terminal would obey.
/// Standard output that is no terminal gets what is printed as it is. Thread-safe.
final class Terminal {
  private static final int STANDARD_OUTPUT = 1;

  private Terminal() {}

  /// Sends what the program and its log print through here. Called once, at the start.
  static void attach(CommandLine program) {
    OutputStream out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out));
    OutputStream err = new BufferedOutputStream(new FileOutputStream(FileDescriptor.err));
    System.setOut(utf8(isTerminal(STANDARD_OUTPUT) ? new ControlFilter(out) : out));
    System.setErr(utf8(new ControlFilter(err)));
    program
        // one that has seen the streams above: picocli prints to those that its strategy has seen
        .setExecutionStrategy(new CommandLine.RunLast())
        .setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF))
        .setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
  }

  private static PrintStream utf8(OutputStream out) {
    return new PrintStream(out, true, StandardCharsets.UTF_8);
  }

  /// Asks the C library: [java.io.Console] answers for standard input and output together. A system
  /// that cannot be asked is taken for a terminal.
  private static boolean isTerminal(int descriptor) {
    try {
      Linker linker = Linker.nativeLinker();
      MethodHandle isatty =
          linker.downcallHandle(
              linker.defaultLookup().find("isatty").orElseThrow(),
              FunctionDescriptor.of(JAVA_INT, JAVA_INT));
      return (int) isatty.invokeExact(descriptor) != 0;
    } catch (Throwable e) { // what a method handle may throw
      return true;
    }
  }
}
