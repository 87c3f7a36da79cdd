package dev.pushgate.gateway.store;

import static dev.pushgate.gateway.store.OneChannel.offsets;
import static dev.pushgate.gateway.store.OneChannel.range;
import static dev.pushgate.gateway.store.Stages.isDone;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.store.OpenedStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/// Publishes as a channel's home does: goes on counting, and after doubt asks the store. Not
/// thread-safe.
final class CountingHome {
  private final OneChannel channel;
  private final List<Long> acknowledged = new ArrayList<>();
  private final List<CompletionStage<Void>> asked = new ArrayList<>();
  private long head;
  private long firstAsked = 1;

  CountingHome(OneChannel channel) {
    this.channel = channel;
  }

  CompletionStage<Void> publish() {
    CompletionStage<Void> stage = channel.append(++head);
    asked.add(stage);
    return stage;
  }

  /// Checks that what was acknowledged is stored, all of it once and in order, and counts on from
  /// what is stored.
  void goOnFromWhatIsStored() {
    for (int i = 0; i < asked.size(); i++) {
      if (isDone(asked.get(i))) {
        acknowledged.add(firstAsked + i);
      }
    }
    asked.clear();
    OpenedStream truth = channel.openedEventually();
    head = truth.head().offset();
    firstAsked = head + 1;
    assertThat(offsets(truth)).isEqualTo(range(1, head)).containsAll(acknowledged);
  }
}
