package dev.pushgate.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/// The CPU time of a process, user and system, of all its threads: from `/proc`, so on Linux only.
/// Immutable.
final class ServerCpu {
  /// Linux counts in hundredths of a second towards programs, whatever its kernel does inside.
  private static final long NANOS_PER_TICK = 10_000_000L;

  /// Places behind the command's closing bracket (proc(5), `/proc/pid/stat`).
  private static final int USER_TIME = 11;

  private static final int SYSTEM_TIME = 12;

  private final OptionalLong pid;

  ServerCpu(OptionalLong pid) {
    this.pid = pid;
  }

  /// Empty when the process is not known, or cannot be looked at.
  OptionalLong nanos() {
    if (pid.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid.getAsLong()), "stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      long ticks = Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME]);
      return OptionalLong.of(ticks * NANOS_PER_TICK);
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}
