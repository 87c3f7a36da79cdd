package dev.pushgate.core.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.name.AppId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MemoryShareTest {
  private static final AppId SHOP = new AppId("shop");
  private static final AppId BANK = new AppId("bank");

  @Test
  void nothingIsTakenBeyondTheLimitAndEachRefusalCounts() {
    MemoryShare share = share(100, MemoryParts.WHOLE);

    assertThat(share.take(MemoryHolder.NODE, 60)).isTrue();
    assertThat(share.take(MemoryHolder.NODE, 41)).isFalse();
    assertThat(share.take(MemoryHolder.NODE, 40)).isTrue();

    assertThat(share.usedBytes()).isEqualTo(100);
    assertThat(share.refusals()).isEqualTo(1);
  }

  @Test
  void whatIsGivenBackCanBeTakenAgain() {
    MemoryShare share = share(100, new MemoryParts(50, 50, 50));
    MemoryHolder holder = new MemoryHolder(SHOP, "key-1", "192.0.2.1");

    for (int i = 0; i < 1_000; i++) {
      assertThat(share.take(holder, 50)).isTrue();
      share.giveBack(holder, 50);
    }

    assertThat(share.usedBytes()).isZero();
  }

  @Test
  void noAppNoKeyAndNoAddressTakesMoreThanItsPart() {
    MemoryShare share = share(1_000, new MemoryParts(80, 60, 40));

    assertThat(share.take(new MemoryHolder(SHOP, "key-1", "192.0.2.1"), 400)).isTrue();
    assertThat(share.take(new MemoryHolder(SHOP, "key-2", "192.0.2.1"), 1)).as("address").isFalse();
    assertThat(share.take(new MemoryHolder(SHOP, "key-1", "192.0.2.2"), 200)).isTrue();
    assertThat(share.take(new MemoryHolder(SHOP, "key-1", "192.0.2.3"), 1)).as("key").isFalse();
    assertThat(share.take(new MemoryHolder(SHOP, "key-2", "192.0.2.3"), 200)).isTrue();
    assertThat(share.take(new MemoryHolder(SHOP, "key-3", "192.0.2.4"), 1)).as("app").isFalse();

    assertThat(share.take(new MemoryHolder(BANK, "key-1", "192.0.2.9"), 200)).isTrue();
    assertThat(share.usedBytes()).isEqualTo(1_000);
    assertThat(share.refusals()).isEqualTo(3);
  }

  @Test
  void aRefusedTakingLeavesNothingOnAnyAccount() {
    MemoryShare share = share(1_000, new MemoryParts(100, 100, 40));
    MemoryHolder greedy = new MemoryHolder(SHOP, "key-1", "192.0.2.1");
    share.take(greedy, 400);

    for (int i = 0; i < 10; i++) {
      assertThat(share.take(greedy, 100)).isFalse();
    }

    assertThat(share.take(new MemoryHolder(SHOP, "key-1", "192.0.2.2"), 400)).isTrue();
    assertThat(share.usedBytes()).isEqualTo(800);
  }

  @Test
  void largeTakingsThatAreRefusedAreInTheWayOfNoSmallOne() throws InterruptedException {
    MemoryHolder greedy = new MemoryHolder(SHOP, "key-1", "192.0.2.1");
    MemoryHolder modest = new MemoryHolder(SHOP, "key-2", "192.0.2.2");
    for (MemoryParts parts : List.of(MemoryParts.WHOLE, new MemoryParts(90, 20, 50))) {
      MemoryShare share = share(1_000, parts);
      AtomicBoolean isDone = new AtomicBoolean();
      Thread large =
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (!isDone.get()) {
                      share.take(greedy, parts.equals(MemoryParts.WHOLE) ? 1_001 : 890);
                    }
                  });
      boolean areTaken = true;
      for (int i = 0; i < 200_000; i++) {
        areTaken &= share.take(modest, 100);
        share.giveBack(modest, 100);
      }
      isDone.set(true);
      large.join();
      assertThat(areTaken).isTrue();
    }
  }

  @Test
  void whatEachHasIsKnownAlsoWhereItMayHaveAll() {
    MemoryShare share = share(1_000, MemoryParts.WHOLE);
    MemoryHolder one = new MemoryHolder(SHOP, "key-1", "192.0.2.1");
    assertThat(share.take(one, 100)).isTrue();
    share.force(new MemoryHolder(SHOP, "key-2", "192.0.2.1"), 10);
    assertThat(share.heldByCredential(one)).isEqualTo(100);
    assertThat(share.heldByAddress(one)).isEqualTo(110);
    share.giveBack(one, 100);
    assertThat(share.heldByCredential(one)).isZero();
    assertThat(share.heldByAddress(MemoryHolder.NODE)).isZero();
  }

  @Test
  void whatIsNotedElsewhereCountsAsUsed() {
    MemoryShare share = share(100, MemoryParts.WHOLE);

    share.note(70);
    assertThat(share.take(MemoryHolder.NODE, 31)).isFalse();
    share.note(-10);
    assertThat(share.take(MemoryHolder.NODE, 31)).isTrue();

    assertThat(share.usedBytes()).isEqualTo(91);
  }

  @Test
  void threadsTogetherTakeNoMoreThanThereIs() throws InterruptedException {
    MemoryShare share = share(10_000, new MemoryParts(50, 50, 50));
    AtomicLong held = new AtomicLong();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      MemoryHolder holder = new MemoryHolder(SHOP, "key-" + i % 2, "192.0.2." + i);
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int n = 0; n < 10_000; n++) {
                      if (share.take(holder, 7)) {
                        held.addAndGet(7);
                      }
                      if (n % 3 == 0 && held.get() > 1_000 && share.take(holder, 1)) {
                        share.giveBack(holder, 1);
                      }
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(held.get()).isEqualTo(share.usedBytes()).isLessThanOrEqualTo(5_000);
  }

  private static MemoryShare share(long limitBytes, MemoryParts parts) {
    return new MemoryShare(MemoryKind.BODIES, limitBytes, parts);
  }
}
