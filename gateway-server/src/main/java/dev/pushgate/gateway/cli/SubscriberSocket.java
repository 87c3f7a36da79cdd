package dev.pushgate.gateway.cli;

import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One connection of a subscription: puts frames together and says how it ended. Called by the HTTP
/// client, one call at a time; [#ending], [#closed] and
/// [#lastHeardNanos] may be read by any thread.
final class SubscriberSocket implements WebSocket.Listener {
  private static final int REFUSALS_FROM = 4000;
  private static final int BACKOFFS_FROM = 4100;
  private static final int AT_ONCE_FROM = 4200;

  /// What is done with the frames of a connection.
  interface Taker {
    /// @param reply takes what is to be sent now
    /// @return how the connection ends when it does by this frame
    Optional<Ending> take(String frame, Consumer<String> reply);
  }

  private final String request;
  private final Taker taker;
  private final CompletableFuture<Ending> ending = new CompletableFuture<>();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private final StringBuilder text = new StringBuilder();
  private volatile long lastHeardNanos = System.nanoTime();

  /// The end of what was sent last: the HTTP client takes one message at a time.
  private CompletionStage<?> sent = CompletableFuture.completedStage(null);

  /// @param request what to send when the connection is open
  /// @param taker takes each frame
  SubscriberSocket(String request, Taker taker) {
    this.request = request;
    this.taker = taker;
  }

  CompletableFuture<Ending> ending() {
    return ending;
  }

  /// Completes when the server's goodbye has come, or none will.
  CompletableFuture<Void> closed() {
    return closed;
  }

  long lastHeardNanos() {
    return lastHeardNanos;
  }

  @Override
  public void onOpen(WebSocket socket) {
    send(socket, request);
    socket.request(1);
  }

  private void send(WebSocket socket, String frame) {
    sent = sent.thenCompose(_ -> socket.sendText(frame, true));
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
    heard(socket);
    text.append(part);
    if (last) {
      String frame = text.toString();
      text.setLength(0);
      if (!ending.isDone()) {
        taker.take(frame, reply -> send(socket, reply)).ifPresent(ending::complete);
      }
    }
    return null;
  }

  /// The HTTP client itself answers the ping.
  @Override
  public @Nullable CompletionStage<?> onPing(WebSocket socket, ByteBuffer message) {
    heard(socket);
    return null;
  }

  private void heard(WebSocket socket) {
    lastHeardNanos = System.nanoTime();
    socket.request(1);
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
    String why = "the server closed the connection: " + code + " " + reason;
    boolean refused = code >= REFUSALS_FROM && code < BACKOFFS_FROM;
    ending.complete(
        refused ? new Ending.Refused(why) : new Ending.Broken(why, code >= AT_ONCE_FROM));
    closed.complete(null);
    return null;
  }

  @Override
  public void onError(WebSocket socket, Throwable error) {
    ending.complete(new Ending.Broken("the connection broke: " + error.getMessage(), false));
    closed.complete(null);
  }
}
