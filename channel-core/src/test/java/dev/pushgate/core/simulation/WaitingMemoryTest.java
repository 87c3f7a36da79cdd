package dev.pushgate.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.channel.WaitingLimit;
import dev.pushgate.core.memory.MemoryBudget;
import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.core.memory.MemoryParts;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.publication.PublishRequest;
import dev.pushgate.core.publication.Published;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// However much one publisher has waiting, others can publish.
class WaitingMemoryTest {
  private static final int LARGE = 9_000;

  private final ChannelKey orders = EngineRig.key("a", "orders");
  private final ChannelKey mine = EngineRig.key("a", "mine");
  private final MemoryHolder server = new MemoryHolder(orders.app(), "key-of-server", null);
  private final MemoryHolder greedy = new MemoryHolder(orders.app(), "user:greedy", "192.0.2.1");
  private MemoryBudget memory = budget(10_000_000);
  private EngineRig rig = new EngineRig(1, memory);

  private static MemoryBudget budget(long waiting) {
    return Budgets.with(Map.of(MemoryKind.WAITING, waiting), new MemoryParts(90, 75, 50));
  }

  @AfterEach
  void allIsGivenBackWhenAllIsAnswered() {
    rig.settle();
    assertThat(memory.share(MemoryKind.WAITING).usedBytes()).isZero();
  }

  @Test
  void whoFillsWhatWaitsForTheStoreIsRefusedAloneAndOthersPublishOn() {
    rig.declare(orders);
    rig.declare(mine);
    List<AtomicReference<Outcome<Published>>> flood = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      flood.add(publish(mine, greedy));
    }
    rig.runLoops(); // the store has answered nothing yet
    assertThat(flood.getLast().get()).isEqualTo(WaitingLimit.YOURS);
    assertThat(flood.stream().filter(answer -> answer.get() == null)).hasSizeGreaterThan(3);

    AtomicReference<Outcome<Published>> order = publish(orders, server);
    rig.settle();
    assertThat(order.get()).isInstanceOf(Outcome.Done.class);
    assertThat(flood.getFirst().get()).isInstanceOf(Outcome.Done.class);
    assertThat(memory.share(MemoryKind.WAITING).refusals()).isPositive();
  }

  @Test
  void whoFillsWhatWaitsForALoopIsRefusedAloneAndOthersPublishOn() {
    Outcome<Published> refused = floodUntilRefused(greedy);
    assertThat(refused).isEqualTo(WaitingLimit.YOURS);
    AtomicReference<Outcome<Published>> order = publish(orders, server);
    rig.settle();
    assertThat(order.get()).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void nobodyHasMoreWaitingThanItsPartOfAllThatMayWait() {
    memory = budget(100_000);
    rig = new EngineRig(1, memory);
    assertThat(floodUntilRefused(greedy)).isEqualTo(WaitingLimit.YOURS);
    assertThat(memory.share(MemoryKind.WAITING).usedBytes()).isBetween(40_000L, 50_000L);
    rig.settle();
    assertThat(publish(mine, greedy).get()).isNull();
  }

  @Test
  void whenAllThatMayWaitIsUsedUpItIsTheNodeThatIsFull() {
    memory = budget(100_000);
    rig = new EngineRig(1, memory);
    assertThat(floodUntilRefused(MemoryHolder.NODE)).isEqualTo(WaitingLimit.FULL);
    assertThat(publish(orders, server).get()).isEqualTo(WaitingLimit.FULL);
  }

  private Outcome<Published> floodUntilRefused(MemoryHolder holder) {
    for (int i = 0; i < 10_000; i++) {
      Outcome<Published> answer = publish(mine, holder).get();
      if (answer != null) {
        return answer;
      }
    }
    throw new AssertionError("never refused");
  }

  private AtomicReference<Outcome<Published>> publish(ChannelKey key, MemoryHolder holder) {
    return rig.publish(new PublishRequest(key, "e", "c", new byte[LARGE], null, holder));
  }
}
