package dev.pushgate.gateway.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/// Ports for servers that are stopped and started again. Thread-safe.
public final class FreePort {
  /// Below those that systems give to outgoing connections: while such a server is down, whoever
  /// dials it might else be given its port, and be connected with itself.
  private static final int FIRST = 15_000;

  private static final int COUNT = 15_000;

  /// What was given is not given again: whoever has it may not listen yet.
  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  private FreePort() {}

  /// A port of the loopback that nobody listens on, and no other test of this JVM is given.
  public static int any() {
    while (true) {
      int port = FIRST + ThreadLocalRandom.current().nextInt(COUNT);
      try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        if (GIVEN.add(probe.getLocalPort())) {
          return probe.getLocalPort();
        }
      } catch (IOException _) {
        // somebody has it
      }
    }
  }
}
