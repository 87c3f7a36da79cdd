package dev.pushgate.gateway.relay.redis;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// The call of a script that does nothing past a deadline by Redis's clock. When its answer does
/// not come, it fails as soon as that deadline has surely passed there, and not before: Redis may
/// still have it before it when the connection is gone. So nothing is carried out behind the
/// failure. Thread-safe.
final class DeadlineCall implements ScriptCall {
  /// By so much the deadline in Redis is earlier than ours: for what clocks differ in their pace.
  static final long MARGIN_MS = 20;

  private final ScriptCall call;
  private final CompletableFuture<Reply> reply = new CompletableFuture<>();

  /// @param call was made just now: its deadline counts from within the call
  DeadlineCall(ScriptCall call, Duration timeout, RelayClient client) {
    this.call = call;
    long begunNanos = System.nanoTime();
    call.reply()
        .whenComplete(
            (answer, failure) -> {
              if (answer != null) {
                reply.complete(answer);
              } else {
                Duration gone = Duration.ofNanos(System.nanoTime() - begunNanos);
                fail(failure, call.mayHaveRun() ? timeout.minus(gone) : Duration.ZERO, client);
              }
            });
  }

  private void fail(Throwable failure, Duration left, RelayClient client) {
    if (left.isPositive()) {
      client.after(left, () -> reply.completeExceptionally(failure));
    } else {
      reply.completeExceptionally(failure);
    }
  }

  @Override
  public CompletionStage<Reply> reply() {
    return reply;
  }

  @Override
  public boolean mayHaveRun() {
    return call.mayHaveRun();
  }
}
