package dev.pushgate.core.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.memory.MemoryBudget;
import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.core.memory.MemoryParts;
import dev.pushgate.core.memory.MemoryShare;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.publication.IdempotencyKey;
import dev.pushgate.core.publication.Published;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class IdempotencyWindowTest {
  private static final String LONGEST = "ü".repeat(128);

  private final ChannelKey channel =
      new ChannelKey(new AppId("app"), new ChannelName("c".repeat(200)));
  private final MemoryShare memory = MemoryBudget.unlimited().share(MemoryKind.IDEMPOTENCY);
  private final List<Outcome<Published>> given = new ArrayList<>();

  @Test
  void theNamesInAnAnswerCountTowardsTheLimit() {
    IdempotencyWindow window = new IdempotencyWindow(memory);
    remember(window, "k".repeat(128), "e", "c");
    long withShortNames = window.bytes();
    remember(window, "l".repeat(128), LONGEST, LONGEST);

    // Two bytes for each of its 256 characters, for neither fits in Latin-1 for sure.
    assertThat(window.bytes() - withShortNames).isEqualTo(withShortNames + 2 * 2 * (128 - 1));
    assertThat(withShortNames).isGreaterThan(200 + 2 * 128 + 64);
  }

  @Test
  void allThatWasCountedIsGivenBack() {
    IdempotencyWindow window = new IdempotencyWindow(memory);
    remember(window, "expires", LONGEST, LONGEST);
    window.expire(1_000);
    remember(window, "goes", LONGEST, LONGEST);
    window.forget(channel);
    window.begin(channel, key("refused"), MemoryHolder.NODE, given::add, 0);
    window.settle(channel, key("refused"), Outcome.refused(Refusal.SERVER_ERROR, "no"), 1_000);

    assertThat(window.bytes()).isZero();
    assertThat(memory.usedBytes()).isZero();
  }

  @Test
  void pastItsLimitPublishesWithAKeyAreRefusedAndNothingIsForgotten() {
    MemoryShare small = new MemoryShare(MemoryKind.IDEMPOTENCY, 2_000, MemoryParts.WHOLE);
    IdempotencyWindow window = new IdempotencyWindow(small);
    remember(window, "first", "e", "c");

    assertThat(window.begin(channel, key("second"), MemoryHolder.NODE, given::add, 0)).isFalse();
    assertThat(window.begin(channel, key("first"), MemoryHolder.NODE, given::add, 0)).isFalse();

    assertThat(((Outcome.Refused<Published>) given.getFirst()).refusal())
        .isEqualTo(Refusal.RATE_LIMITED);
    assertThat(given.getLast()).isInstanceOf(Outcome.Done.class);
  }

  private void remember(IdempotencyWindow window, String key, String eventType, String clientId) {
    assertThat(window.begin(channel, key(key), MemoryHolder.NODE, given::add, 0)).isTrue();
    Published answer =
        new Published(channel, new StreamPosition("e", 1), "id", eventType, clientId, 1, 0);
    window.settle(channel, key(key), Outcome.done(answer), 1_000);
  }

  private static IdempotencyKey key(String value) {
    return new IdempotencyKey(value, "d".repeat(64));
  }
}
