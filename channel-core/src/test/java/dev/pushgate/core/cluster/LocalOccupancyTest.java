package dev.pushgate.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.ChannelName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class LocalOccupancyTest {
  private static final AppId APP = new AppId("a");

  private final LocalOccupancy occupancy = new LocalOccupancy();

  @Test
  void aChannelHasTheCountThatItsHomeToldLast() {
    occupancy.set(key("a", "room"), 1);
    occupancy.set(key("a", "room"), 2);

    assertThat(occupancy.onNode(key("a", "room"))).isEqualTo(2);
    assertThat(occupancy.inCluster(key("a", "room"))).isEqualTo(2);
    assertThat(occupancy.onNode(key("b", "room"))).isZero();
  }

  @Test
  void aChannelWithoutSubscribersIsForgotten() {
    occupancy.set(key("a", "room"), 1);
    occupancy.set(key("a", "room"), 0);

    assertThat(occupancy.onNode(key("a", "room"))).isZero();
    assertThat(occupancy.occupied(APP, "", 10)).isEmpty();
    assertThat(occupancy.counts().size()).isZero();
  }

  @Test
  void occupiedChannelsComeInOrderAndOnlyThoseWithThePrefix() {
    for (String name : List.of("room-2", "lobby", "room-1", "roon", "room-10")) {
      occupancy.set(key("a", name), name.length());
    }
    occupancy.set(key("b", "room-3"), 1);

    assertThat(occupancy.occupied(APP, "room-", 10))
        .containsExactly(Map.entry("room-1", 6), Map.entry("room-10", 7), Map.entry("room-2", 6));
    assertThat(occupancy.occupied(APP, "room-", 2)).containsOnlyKeys("room-1", "room-10");
    assertThat(occupancy.occupied(APP, "", 1)).containsOnlyKeys("lobby");
    assertThat(occupancy.occupied(new AppId("c"), "", 10)).isEmpty();
  }

  @Test
  void theListenerHearsOfEveryChangeAndOfWhatWasThereBefore() {
    List<String> heard = new ArrayList<>();
    occupancy.set(key("a", "before"), 1);

    occupancy.onChange(key -> heard.add(key + "=" + occupancy.onNode(key)));
    occupancy.set(key("a", "room"), 1);
    occupancy.set(key("a", "room"), 0);

    assertThat(heard).containsExactly("a/before=1", "a/room=1", "a/room=0");
  }

  @Test
  void manyThreadsThatAddAndTakeAwayLeaveCountAndIndexAlike() throws InterruptedException {
    ChannelCounts counts = new ChannelCounts();
    CountDownLatch begin = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    await(begin);
                    for (int round = 0; round < 20_000; round++) {
                      counts.add(key("a", "room"), 1);
                      counts.add(key("a", "room"), -1);
                    }
                  }));
    }
    begin.countDown();
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(counts.get(key("a", "room"))).isZero();
    assertThat(counts.namesFrom(APP, "")).isEmpty();
    counts.add(key("a", "room"), 3);
    assertThat(counts.namesFrom(APP, "")).containsOnlyKeys("room");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ChannelKey key(String app, String name) {
    return new ChannelKey(new AppId(app), new ChannelName(name));
  }
}
