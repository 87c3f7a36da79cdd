package dev.pushgate.gateway.store;

import static dev.pushgate.gateway.store.Samples.answer;
import static dev.pushgate.gateway.store.Samples.publication;
import static dev.pushgate.gateway.store.Stages.await;
import static dev.pushgate.gateway.store.Stages.isDone;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.store.RememberedAnswer;
import dev.pushgate.gateway.testing.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Backend.class)
class RememberedAnswersIT {
  private final SettableClock clock = new SettableClock();
  private final SqlStore store;

  RememberedAnswersIT(Backend backend, @TempDir Path directory) {
    this.store = SqlStore.open(backend.fresh(directory, Backend.PATIENT), clock);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void answersAreRememberedUntilTheyExpire() {
    OneChannel channel = OneChannel.declaredIn(store);
    Publication first = publication(channel.key(), 1);
    Publication second = publication(channel.key(), 2);
    RememberedAnswer soon = answer("soon", first, clock.millis() + 1_000);
    RememberedAnswer later = answer("later", second, clock.millis() + 60_000);

    await(store.streams().append(first, soon));
    await(store.streams().append(second, later));

    assertThat(channel.opened().answers()).containsExactly(soon, later);
    clock.advance(Duration.ofSeconds(1));
    assertThat(channel.opened().answers()).containsExactly(later);
  }

  @Test
  void anExpiredKeyCanBeUsedAgain() {
    OneChannel channel = OneChannel.declaredIn(store);
    await(
        store
            .streams()
            .append(
                publication(channel.key(), 1),
                answer("k", publication(channel.key(), 1), clock.millis())));
    RememberedAnswer again = answer("k", publication(channel.key(), 2), clock.millis() + 60_000);

    await(store.streams().append(publication(channel.key(), 2), again));

    assertThat(channel.opened().answers()).containsExactly(again);
  }

  @Test
  void theAnswerOfAnAppendThatDidNotFitIsNotRemembered() {
    OneChannel channel = OneChannel.declaredIn(store);

    isDone(
        store
            .streams()
            .append(
                publication(channel.key(), 5),
                answer("k", publication(channel.key(), 5), Long.MAX_VALUE)));

    assertThat(channel.opened().answers()).isEmpty();
  }
}
