package dev.pushgate.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.pushgate.core.store.StoreUnavailableException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Waits for what the store answers. Stateless.
final class Stages {
  private static final Duration FOREVER = Duration.ofSeconds(60);

  private Stages() {}

  static <T extends @Nullable Object> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(FOREVER.toSeconds(), TimeUnit.SECONDS).join();
  }

  /// Whether the store did it; false when it said that it could not tell.
  static boolean isDone(CompletionStage<?> stage) {
    try {
      await(stage);
      return true;
    } catch (CompletionException e) {
      assertThat(e).hasCauseInstanceOf(StoreUnavailableException.class);
      return false;
    }
  }

  static String refusalOf(CompletionStage<?> stage) {
    try {
      await(stage);
    } catch (CompletionException e) {
      assertThat(e).hasCauseInstanceOf(StoreUnavailableException.class);
      return String.valueOf(e.getMessage());
    }
    return fail("the store did what it was to refuse");
  }
}
