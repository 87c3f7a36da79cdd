package dev.pushgate.gateway.app;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.pushgate.core.memory.MemoryBudget;
import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.gateway.config.Settings;
import dev.pushgate.gateway.net.HttpLimits;
import java.lang.management.ManagementFactory;

/// How many connections a node takes: what is set, or what file descriptors and memory allow.
/// Stateless.
final class ConnectionLimits {
  /// For the database, the relay, the log and the files of the JVM.
  private static final long FILES_FOR_OTHERS = 128;

  private static final int PARTS_FOR_ADDRESSES = 4;

  private ConnectionLimits() {}

  static HttpLimits.Connections of(Settings settings, MemoryBudget memory) {
    return of(settings, maxFiles(), memory.share(MemoryKind.CONNECTIONS).limitBytes());
  }

  static HttpLimits.Connections of(Settings settings, long maxFiles, long heapBytes) {
    long files = maxFiles - Math.min(maxFiles / 2, FILES_FOR_OTHERS + settings.store().poolSize());
    long derived = Math.min(files, heapBytes / HttpLimits.Connections.BYTES_OF_EACH);
    int all = settings.limits().connections().orElse(Math.clamp(derived, 1, 100_000_000));
    // Behind a proxy all have its address, and it has limits of its own.
    int usual = settings.http().trustForwarded() ? 0 : Math.max(1, all / PARTS_FOR_ADDRESSES);
    return new HttpLimits.Connections(
        all, settings.limits().httpConnectionsPerAddress().orElse(usual));
  }

  private static long maxFiles() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getMaxFileDescriptorCount()
        : Long.MAX_VALUE;
  }
}
