package dev.pushgate.gateway.relay.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TurnstileTest {
  private static final CompletionStage<?> TAKEN = CompletableFuture.completedStage(null);

  private final RelayClient client = new RelayClient(Duration.ofSeconds(1));
  private final Deque<CompletableFuture<Integer>> begun = new ArrayDeque<>();

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void noMoreThanTheLimitAreUnderWay() {
    Turnstile turnstile = new Turnstile(2, Duration.ofMinutes(1), client);
    List<CompletionStage<Integer>> results = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      results.add(pass(turnstile));
    }
    for (int done = 0; done < 5; done++) {
      assertThat(begun).hasSize(Math.min(2, 5 - done));
      begun.removeFirst().complete(done);
      assertThat(results.get(done).toCompletableFuture()).isCompletedWithValue(done);
    }
  }

  @Test
  void anyNumberThatEndAtOnceEnd() {
    Turnstile turnstile = new Turnstile(1, Duration.ofMinutes(1), client);
    pass(turnstile);
    List<CompletionStage<Integer>> results = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      results.add(turnstile.pass(() -> CompletableFuture.completedStage(1), TAKEN, Exception::new));
    }
    begun.removeFirst().complete(0);
    assertThat(results).allMatch(result -> result.toCompletableFuture().isDone());
  }

  @Test
  void whoWaitedTooLongFailsAndIsNotBegun() {
    Turnstile turnstile = new Turnstile(1, Duration.ofMillis(30), client);
    pass(turnstile);
    CompletionStage<Integer> late = pass(turnstile);
    await().until(late.toCompletableFuture()::isCompletedExceptionally);

    begun.removeFirst().complete(0);
    assertThat(begun).isEmpty();
    pass(turnstile);
    assertThat(begun).hasSize(1);
  }

  @Test
  void whoThrowsLeavesToo() {
    Turnstile turnstile = new Turnstile(1, Duration.ofMinutes(1), client);
    CompletionStage<Integer> thrown =
        turnstile.pass(
            () -> {
              throw new IllegalStateException("the test says so");
            },
            TAKEN,
            Exception::new);
    assertThat(thrown.toCompletableFuture()).isCompletedExceptionally();

    pass(turnstile);
    assertThat(begun).hasSize(1);
  }

  @Test
  void whatWasBroughtAndNotTakenIsUnderWay() {
    Turnstile turnstile = new Turnstile(1, Duration.ofMinutes(1), client);
    CompletableFuture<Void> taken = new CompletableFuture<>();
    CompletionStage<Integer> first = pass(turnstile, taken);
    pass(turnstile);
    begun.removeFirst().complete(7);
    assertThat(first.toCompletableFuture()).isCompletedWithValue(7);
    assertThat(begun).isEmpty();

    taken.complete(null);
    assertThat(begun).hasSize(1);
  }

  @Test
  void whoFailsHasBroughtNothing() {
    Turnstile turnstile = new Turnstile(1, Duration.ofMinutes(1), client);
    pass(turnstile, new CompletableFuture<>());
    pass(turnstile);
    begun.removeFirst().completeExceptionally(new IllegalStateException("the test says so"));
    assertThat(begun).hasSize(1);
  }

  private CompletionStage<Integer> pass(Turnstile turnstile) {
    return pass(turnstile, TAKEN);
  }

  private CompletionStage<Integer> pass(Turnstile turnstile, CompletionStage<?> taken) {
    return turnstile.pass(
        () -> {
          CompletableFuture<Integer> task = new CompletableFuture<>();
          begun.addLast(task);
          return task;
        },
        taken,
        Exception::new);
  }
}
