package dev.pushgate.core.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.memory.MemoryBudget;
import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.core.memory.MemoryShare;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.presence.PresenceEvent;
import dev.pushgate.core.publication.EncodedFrames;
import dev.pushgate.core.publication.Publication;
import dev.pushgate.core.publication.WireFormat;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogBudgetTest {
  private static final AppId MODEST = new AppId("modest");
  private static final AppId GREEDY = new AppId("greedy");
  private static final int DATA = 1_000;
  private static final long ROOM = 100_000;

  private static final WireFormat FORMAT =
      new WireFormat() {
        @Override
        public int index() {
          return 0;
        }

        @Override
        public byte[] encode(Publication publication) {
          return publication.data().clone();
        }

        @Override
        public byte[] encode(PresenceEvent event) {
          throw new UnsupportedOperationException();
        }
      };

  private final MemoryShare share = MemoryBudget.unlimited().share(MemoryKind.RECENT_LOGS);
  private final LogBudget budget = new LogBudget(share, ROOM, 1_000);

  @Test
  void theAppThatHoldsMostGivesUpItsOldestFirst() {
    RecentLog modest = log(MODEST);
    RecentLog greedy = log(GREEDY);
    for (int i = 1; i <= 10; i++) {
      modest.append(frames(MODEST, i), MemoryHolder.NODE, 0);
    }
    for (int i = 1; i <= 1_000; i++) {
      greedy.append(frames(GREEDY, i), MemoryHolder.NODE, 1);
    }
    assertThat(modest.size()).isEqualTo(10);
    assertThat(greedy.size()).isBetween(40, 70);
    assertThat(greedy.newest(1).getFirst().offset()).isEqualTo(1_000);
    assertThat(budget.bytes()).isBetween(ROOM * 9 / 10, ROOM);
  }

  @Test
  void thePublisherThatHoldsMostInAnAppGivesUpItsOldestFirst() {
    RecentLog orders = log(GREEDY);
    for (int i = 1; i <= 10; i++) {
      orders.append(frames(GREEDY, i), of(GREEDY, "key-of-server"), 0);
    }
    for (int channel = 0; channel < 100; channel++) {
      RecentLog flooded = log(GREEDY);
      for (int i = 1; i <= 10; i++) {
        flooded.append(frames(GREEDY, i), of(GREEDY, "user:greedy"), 1);
      }
    }
    assertThat(orders.size()).isEqualTo(10);
    assertThat(budget.bytes()).isBetween(ROOM * 9 / 10, ROOM);
    assertThat(share.refusals()).isBetween(900L, 1_000L);
  }

  @Test
  void whatStandsBeforeItInTheSameChannelGoesTooForALogHasNoHoles() {
    RecentLog shared = log(GREEDY);
    shared.append(frames(GREEDY, 1), of(GREEDY, "key-of-server"), 0);
    for (int i = 2; i <= 1_000; i++) {
      shared.append(frames(GREEDY, i), of(GREEDY, "user:greedy"), 1);
    }
    assertThat(shared.newest(1_000).getFirst().offset())
        .isEqualTo(1_001 - shared.size())
        .isGreaterThan(900);
  }

  @Test
  void morePublishersThanAreToldApartLeaveNothingBehind() {
    LogBudget large = new LogBudget(share, 100 * ROOM, 1_000);
    RecentLog log = new RecentLog(large.ofApp(MODEST), 10_000, Long.MAX_VALUE);
    for (int i = 1; i <= 3_000; i++) {
      log.append(frames(MODEST, i), of(MODEST, "user:" + i), i);
    }
    large.expire(3_500);
    assertThat(log.size()).isEqualTo(500);
    large.expire(1_000_000);
    assertThat(large.bytes()).isZero();
  }

  /// As many users as have accounts of their own hold a little; of those who come then, one takes
  /// all he can, with many users. By chance he may share an account with one or the other.
  @Test
  void whoComesWhenAllAccountsAreTakenIsNotPushedOutByOthersWhoDo() {
    LogBudget large = new LogBudget(share, 30 * ROOM, 1_000);
    for (int i = 1; i <= 1_000; i++) {
      new RecentLog(large.ofApp(GREEDY), 10_000, Long.MAX_VALUE)
          .append(frames(GREEDY, 1), of(GREEDY, "user:early-" + i), 0);
    }
    List<RecentLog> late = new ArrayList<>();
    for (int i = 1; i <= 20; i++) {
      MemoryHolder modest = new MemoryHolder(GREEDY, "user:late-" + i, "192.0.2." + i);
      late.add(new RecentLog(large.ofApp(GREEDY), 10_000, Long.MAX_VALUE));
      late.getLast().append(frames(GREEDY, 1), modest, 1);
    }
    for (int i = 1; i <= 5_000; i++) {
      MemoryHolder greedy = new MemoryHolder(GREEDY, "user:greedy-" + i % 50, "198.51.100.1");
      new RecentLog(large.ofApp(GREEDY), 10_000, Long.MAX_VALUE)
          .append(frames(GREEDY, 1), greedy, 2);
    }
    assertThat(share.refusals()).isPositive();
    assertThat(late).filteredOn(log -> log.size() == 1).hasSizeGreaterThan(16);
    large.expire(1_000_000);
    assertThat(large.bytes()).isZero();
  }

  /// When all accounts are taken, shared ones too, and those of one alone become free again.
  @Test
  void whoComesAfterACrowdHasAnAccountOfHisOwn() {
    LogBudget large = new LogBudget(share, 300 * ROOM, 1_000);
    RecentLog early = new RecentLog(large.ofApp(GREEDY), 100_000, Long.MAX_VALUE);
    for (int i = 1; i <= 1_000; i++) {
      early.append(frames(GREEDY, i), of(GREEDY, "user:early-" + i), 0);
    }
    RecentLog crowd = new RecentLog(large.ofApp(GREEDY), 100_000, Long.MAX_VALUE);
    for (int i = 1; i <= 15_000; i++) {
      crowd.append(frames(GREEDY, i), of(GREEDY, "user:crowd-" + i), 500);
    }
    large.expire(1_200);
    assertThat(early.size()).isZero();

    RecentLog modest = new RecentLog(large.ofApp(GREEDY), 10_000, Long.MAX_VALUE);
    modest.append(frames(GREEDY, 1), new MemoryHolder(GREEDY, "user:modest", "192.0.2.1"), 1_200);
    RecentLog greedy = new RecentLog(large.ofApp(GREEDY), 100_000, Long.MAX_VALUE);
    for (int i = 1; i <= 15_000; i++) {
      MemoryHolder neighbour = new MemoryHolder(GREEDY, "user:greedy", "192.0.2.1");
      greedy.append(frames(GREEDY, i), neighbour, 1_200);
    }
    assertThat(crowd.size()).isEqualTo(15_000);
    assertThat(modest.size()).isEqualTo(1);
    assertThat(greedy.size()).isLessThan(15_000);
    large.expire(1_000_000);
    assertThat(large.bytes()).isZero();
  }

  @Test
  void dataAndFramesCount() {
    RecentLog log = log(MODEST);
    log.append(frames(MODEST, 1), MemoryHolder.NODE, 0);
    long withoutFrame = budget.bytes();
    EncodedFrames encoded = frames(MODEST, 2);
    encoded.in(FORMAT);
    log.append(encoded, MemoryHolder.NODE, 0);

    assertThat(withoutFrame).isGreaterThan(DATA);
    assertThat(budget.bytes()).isEqualTo(2 * withoutFrame + DATA);
  }

  @Test
  void aReplayCountsTheFramesThatItMakesOnce() {
    RecentLog log = log(MODEST);
    log.append(frames(MODEST, 1), MemoryHolder.NODE, 0);
    long before = budget.bytes();
    log.replay(1, FORMAT);
    long after = budget.bytes();
    log.replay(1, FORMAT);

    assertThat(after - before).isGreaterThanOrEqualTo(DATA);
    assertThat(budget.bytes()).isEqualTo(after);
    log.clear();
    assertThat(budget.bytes()).isZero();
  }

  @Test
  void whatIsTooOldGoes() {
    RecentLog log = log(MODEST);
    log.append(frames(MODEST, 1), MemoryHolder.NODE, 0);
    log.append(frames(MODEST, 2), MemoryHolder.NODE, 500);
    budget.expire(1_000);
    assertThat(log.newest(9)).extracting(EncodedFrames::offset).containsExactly(2L);
    budget.expire(1_500);
    assertThat(budget.bytes()).isZero();
  }

  private static MemoryHolder of(AppId app, String credential) {
    return new MemoryHolder(app, credential, null);
  }

  private RecentLog log(AppId app) {
    return new RecentLog(budget.ofApp(app), 10_000, Long.MAX_VALUE);
  }

  private static EncodedFrames frames(AppId app, long offset) {
    return new EncodedFrames(
        new Publication(
            new ChannelKey(app, new ChannelName("c")),
            new StreamPosition("e", offset),
            "id",
            "type",
            "client",
            new byte[DATA],
            0));
  }
}
