package dev.pushgate.gateway.cli;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Keeps a subscriber connected until it is complete or refused. Confined to the thread that runs
/// it.
final class SubscriberLoop {
  /// A gateway pings every 25 s: after this long without a byte the connection is taken for dead.
  private static final Duration SILENCE = Duration.ofSeconds(75);

  /// A connection that lasted this long counts as a server that is there again.
  private static final Duration STABLE = Duration.ofSeconds(10);

  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_ERROR = 500;

  private final HttpClient http;
  private final ServerOptions server;
  private final Backoff backoff;
  private final Consumer<String> warnings;
  private boolean wasConnected;

  SubscriberLoop(
      HttpClient http, ServerOptions server, Backoff backoff, Consumer<String> warnings) {
    this.http = http;
    this.server = server;
    this.backoff = backoff;
    this.warnings = warnings;
  }

  /// @param request what to send on the next connection
  /// @param taker takes each frame, and says when it was the last one wanted
  /// @throws CommandFailedException when the server refuses, or cannot be reached at the first try
  void run(Supplier<String> request, SubscriberSocket.Taker taker) throws InterruptedException {
    while (true) {
      long startNanos = System.nanoTime();
      Ending ending = connection(new SubscriberSocket(request.get(), taker));
      if (System.nanoTime() - startNanos > STABLE.toNanos()) {
        backoff.reset();
      }
      switch (ending) {
        case Ending.Complete _ -> {
          return;
        }
        case Ending.Refused(String why) -> throw new CommandFailedException(why);
        case Ending.Broken(String why, boolean atOnce) -> waitAfter(why, atOnce);
      }
    }
  }

  private void waitAfter(String why, boolean atOnce) throws InterruptedException {
    if (!wasConnected) {
      throw new CommandFailedException(why);
    }
    Duration pause = atOnce ? Duration.ZERO : backoff.next();
    warnings.accept(why + "; connecting again in " + pause.toMillis() + " ms");
    Thread.sleep(pause);
  }

  private Ending connection(SubscriberSocket listener) throws InterruptedException {
    WebSocket socket;
    try {
      socket =
          http.newWebSocketBuilder()
              .header("Authorization", "Bearer " + server.key().reveal())
              .connectTimeout(ServerOptions.PATIENCE)
              .buildAsync(server.socket(), listener)
              .join();
    } catch (CompletionException e) {
      return notConnected(e.getCause() == null ? e : e.getCause());
    }
    wasConnected = true;
    try {
      Ending ending = endingOf(listener);
      if (ending instanceof Ending.Complete) {
        sayGoodbye(socket, listener);
      }
      return ending;
    } finally {
      socket.abort();
    }
  }

  /// The server's own goodbye is waited for, though not for long: breaking the connection off
  /// before could overtake ours.
  private static void sayGoodbye(WebSocket socket, SubscriberSocket listener)
      throws InterruptedException {
    try {
      socket
          .sendClose(WebSocket.NORMAL_CLOSURE, "")
          .thenCompose(_ -> listener.closed())
          .get(1, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      // we have what we wanted
    }
  }

  private Ending notConnected(Throwable failure) {
    if (failure instanceof WebSocketHandshakeException handshake) {
      int status = handshake.getResponse().statusCode();
      String why = "the gateway answered the upgrade with HTTP status " + status;
      return status == TOO_MANY_REQUESTS || status >= SERVER_ERROR
          ? new Ending.Broken(why, false)
          : new Ending.Refused(why);
    }
    if (failure instanceof IOException) {
      return new Ending.Broken(server.unreachable(failure), false);
    }
    return new Ending.Refused(server.unreachable(failure));
  }

  private static Ending endingOf(SubscriberSocket listener) throws InterruptedException {
    while (true) {
      long silentNanos = System.nanoTime() - listener.lastHeardNanos();
      long leftNanos = SILENCE.toNanos() - silentNanos;
      if (leftNanos <= 0) {
        return new Ending.Broken(
            "the server has been silent for " + SILENCE.toSeconds() + " s", false);
      }
      try {
        return listener.ending().get(leftNanos, TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        // look again: something may have been heard meanwhile
      } catch (ExecutionException e) {
        throw new AssertionError("an ending is never exceptional", e);
      }
    }
  }
}
