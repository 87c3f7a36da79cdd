package dev.pushgate.gateway.relay.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.core.name.ChannelKey;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import dev.pushgate.core.presence.MemberId;
import dev.pushgate.core.presence.Present;
import dev.pushgate.core.presence.Roster;
import dev.pushgate.core.presence.RosterLimits;
import dev.pushgate.core.presence.RosterStamp;
import dev.pushgate.core.presence.Rosters;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What rosters owe, with two nodes where there can be two.
abstract class RostersContract {
  static final RosterLimits LIMITS = new RosterLimits(3, 10_000);
  static final ChannelKey ROOM = TestNode.channel("room");

  /// Rosters as one node has them.
  abstract Rosters here();

  /// As another node has them; the same where a node stands alone.
  abstract Rosters there();

  /// What the first node was told of [#ROOM].
  abstract RosterLog heard();

  /// Lets pass at least the grace time.
  abstract void passGrace();

  static MemberId user(String id) {
    return new MemberId.User(id);
  }

  static Outcome<RosterStamp> enter(Rosters rosters, String id, @Nullable String info) {
    return TestNode.get(rosters.enter(ROOM, new Present(user(id), info)));
  }

  static void leave(Rosters rosters, String id) {
    TestNode.get(rosters.leave(ROOM, user(id)));
  }

  static Roster read(Rosters rosters) {
    return switch (TestNode.get(rosters.read(ROOM))) {
      case Outcome.Done<Roster>(Roster roster) -> roster;
      case Outcome.Refused<Roster> refused -> throw new AssertionError(refused.toString());
    };
  }

  private static List<String> present(Rosters rosters) {
    return read(rosters).members().stream().map(member -> member.id().value()).sorted().toList();
  }

  /// Everything that was told until a member that comes and goes now has gone.
  final List<String> toldUntilNow() {
    enter(here(), "marker", null);
    leave(here(), "marker");
    passGrace();
    await().until(() -> heard().lines().stream().anyMatch(line -> line.endsWith(" -marker")));
    return heard().lines().stream().filter(line -> !line.contains("marker")).toList();
  }

  @Test
  void whoEntersJoinsOnceAndLeavesOnceWithTheRostersVersions() {
    assertThat(enter(here(), "ann", "{\"n\": 1}")).isInstanceOf(Outcome.Done.class);
    assertThat(enter(here(), "ann", "{\"n\": 1}")).isInstanceOf(Outcome.Done.class);
    assertThat(enter(there(), "ben", null)).isInstanceOf(Outcome.Done.class);
    Roster roster = read(there());
    assertThat(roster.stamp().version()).isEqualTo(2);
    assertThat(roster.stamp().epoch()).isNotEmpty();
    assertThat(roster.members())
        .containsExactlyInAnyOrder(
            new Present(user("ann"), "{\"n\": 1}"), new Present(user("ben"), null));
    leave(here(), "ann");
    leave(here(), "ann");
    passGrace();
    await().until(() -> heard().lines().size() == 3);
    assertThat(heard().lines()).containsExactly("1 +ann={\"n\": 1}", "2 +ben", "3 -ann");
    assertThat(present(here())).containsExactly("ben");
    assertThat(heard().changes.getLast().stamp()).isEqualTo(read(here()).stamp());
  }

  @Test
  void aChannelInWhichNobodyIsPresentHasNoRosterAndTheNextOneIsOfAnotherEpoch() {
    assertThat(read(here()).stamp()).isEqualTo(RosterStamp.NONE);
    enter(here(), "ann", null);
    String epoch = read(here()).stamp().epoch();
    leave(here(), "ann");
    passGrace();
    await().until(() -> read(here()).members().isEmpty());
    assertThat(read(here()).stamp()).isEqualTo(RosterStamp.NONE);
    enter(here(), "ann", null);
    assertThat(read(here()).stamp().epoch()).isNotEqualTo(epoch);
    assertThat(read(here()).stamp().version()).isEqualTo(1);
  }

  @Test
  void infoIsReplacedByWhatIsSaidAndKeptByWhatIsNot() {
    enter(here(), "ann", "1");
    enter(there(), "ann", null);
    TestNode.get(there().enterAgain(ROOM, new Present(user("ann"), "old")));
    assertThat(read(here()).members()).containsExactly(new Present(user("ann"), "1"));
    enter(there(), "ann", "2");
    assertThat(toldUntilNow()).containsExactly("1 +ann=1", "2 +ann=2");
    TestNode.get(there().enterAgain(ROOM, new Present(user("ben"), "3")));
    assertThat(read(here()).members()).contains(new Present(user("ben"), "3"));
  }

  @Test
  void whoReturnsWithinTheGraceTimeNeitherLeavesNorJoins() {
    enter(here(), "ann", "1");
    leave(here(), "ann");
    enter(there(), "ann", null);
    assertThat(toldUntilNow()).containsExactly("1 +ann=1");
    assertThat(read(here()).members()).containsExactly(new Present(user("ann"), "1"));
  }

  @Test
  void whoReturnsToItsNodeWithinTheGraceTimeStaysAlso() {
    enter(here(), "ann", "1");
    leave(here(), "ann");
    enter(here(), "ann", "1");
    assertThat(toldUntilNow()).containsExactly("1 +ann=1");
    assertThat(present(here())).containsExactly("ann");
  }

  @Test
  void aUserAndAClientOfOneIdAreTwo() {
    enter(here(), "x", null);
    TestNode.get(here().enter(ROOM, new Present(new MemberId.Client("x"), null)));
    assertThat(read(here()).members()).hasSize(2);
  }

  @Test
  void oddIdsAreKeptAsTheyAre() {
    String odd = "a b\n\"%s%\\ ä€𝄞";
    enter(here(), odd, "\"ä\"");
    assertThat(read(there()).members()).containsExactly(new Present(user(odd), "\"ä\""));
    leave(here(), odd);
    passGrace();
    await().until(() -> read(here()).members().isEmpty());
    await().until(() -> heard().lines().size() == 2);
  }

  @Test
  void aFullRosterTakesNobodyButThoseWhoAreInIt() {
    enter(here(), "a", null);
    enter(here(), "b", null);
    enter(there(), "c", null);
    assertThat(enter(there(), "d", null))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.refusal()).isEqualTo(Refusal.QUOTA_EXCEEDED));
    assertThat(enter(there(), "a", "1")).isInstanceOf(Outcome.Done.class);
    leave(here(), "b");
    passGrace();
    await().until(() -> present(here()).equals(List.of("a", "c")));
    assertThat(enter(there(), "d", null)).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void whatMembersSayTogetherHasItsLimitAndIsGivenBack() {
    String large = "\"" + "x".repeat(2_000) + "\"";
    for (int i = 0; i < 10; i++) {
      assertThat(enter(here(), "a", large)).isInstanceOf(Outcome.Done.class);
      assertThat(enter(here(), "a", "1")).isInstanceOf(Outcome.Done.class);
    }
    RosterStamp before = read(here()).stamp();
    assertThat(enter(here(), "b", "\"" + "x".repeat(10_000) + "\""))
        .isInstanceOf(Outcome.Refused.class);
    assertThat(enter(here(), "a", "\"" + "x".repeat(10_000) + "\""))
        .isInstanceOf(Outcome.Refused.class);
    assertThat(read(here()).stamp()).isEqualTo(before);
    assertThat(read(here()).members()).containsExactly(new Present(user("a"), "1"));
  }
}
