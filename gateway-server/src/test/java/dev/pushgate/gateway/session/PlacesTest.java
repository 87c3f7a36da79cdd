package dev.pushgate.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.auth.Grants;
import dev.pushgate.auth.Permission;
import dev.pushgate.auth.Principal;
import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.core.memory.MemoryParts;
import dev.pushgate.core.memory.MemoryShare;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PlacesTest {
  private static final AppId APP = new AppId("app");
  private static final String ADDRESS = "192.0.2.1";
  private static final MemoryHolder ANN = new MemoryHolder(APP, "user:ann", ADDRESS);
  private static final Principal SMALL = bearer(0, "ann");
  private static final Principal LARGE = bearer(100, "ann");

  /// Of so many patterns.
  private static Principal bearer(int patterns, String user) {
    Map<String, Set<Permission>> grants = new HashMap<>();
    for (int i = 0; i < patterns; i++) {
      grants.put("orders:of-user-" + i, Set.of(Permission.SUBSCRIBE));
    }
    return new Principal.TokenBearer(APP, new Grants(grants), null, Instant.MAX, "me", user);
  }

  private static int bytesOf(Principal principal) {
    return Places.SESSION_BYTES + principal.heapBytes();
  }

  /// With so much for sessions.
  private static MemoryShare shareFor(long bytes) {
    return new MemoryShare(MemoryKind.CONNECTIONS, bytes * 100 / 87 + 2, MemoryParts.WHOLE);
  }

  private static Places places(MemoryShare share) {
    return new Places(new SessionLimits.Room(1_000, 1_000), share);
  }

  private static Outcome.@Nullable Refused<?> renew(
      Places places, Principal before, Principal renewed) {
    return places.renew(ANN, before, renewed, before.heapBytes());
  }

  private static void isRefused(Outcome.@Nullable Refused<?> answer, MemoryShare share) {
    assertThat(answer).isNotNull();
    assertThat(answer.refusal()).isEqualTo(Refusal.QUOTA_EXCEEDED);
    assertThat(answer.sentence()).startsWith("There is no memory for a");
    assertThat(share.refusals()).isPositive();
  }

  @Test
  void whatATokenSaysCountsWithItsSession() {
    MemoryShare share = shareFor(1 << 20);
    Places places = places(share);
    assertThat(places.enter(ANN, SMALL, ADDRESS)).isNull();
    long small = share.usedBytes();
    assertThat(places.enter(ANN, LARGE, ADDRESS)).isNull();
    assertThat(share.usedBytes() - small).isGreaterThan(small + 8_000);
    assertThat(bearer(0, "\uD83D\uDE00".repeat(128)).heapBytes() - SMALL.heapBytes())
        .isGreaterThan(900);

    places.leave(ANN, SMALL, ADDRESS);
    places.leave(ANN, LARGE, ADDRESS);
    assertThat(share.usedBytes()).isZero();
    assertThat(share.heldByCredential(ANN)).isZero();
    assertThat(places.of(APP)).isZero();
  }

  @Test
  void whereThereIsRoomForManySmallTokensThereIsForFewLargeOnes() {
    MemoryShare share = shareFor(6L * bytesOf(SMALL));
    Places places = places(share);
    for (int i = 0; i < 6; i++) {
      assertThat(places.enter(ANN, SMALL, ADDRESS)).isNull();
    }
    isRefused(places.enter(ANN, SMALL, ADDRESS), share);
    for (int i = 0; i < 6; i++) {
      places.leave(ANN, SMALL, ADDRESS);
    }

    assertThat(places.enter(ANN, LARGE, ADDRESS)).isNull();
    isRefused(places.enter(ANN, LARGE, ADDRESS), share);
    assertThat(places.enter(ANN, SMALL, ADDRESS)).isNull();
    assertThat(places.of(APP)).isEqualTo(2);
    places.leave(ANN, LARGE, ADDRESS);
    places.leave(ANN, SMALL, ADDRESS);
    assertThat(share.usedBytes()).isZero();
  }

  @Test
  void whoIsRefusedForAnotherReasonHoldsNothing() {
    MemoryShare share = shareFor(1 << 20);
    Places places = new Places(new SessionLimits.Room(1, 1_000), share);
    assertThat(places.enter(ANN, SMALL, ADDRESS)).isNull();
    assertThat(places.enter(ANN, LARGE, ADDRESS)).isNotNull();
    assertThat(share.usedBytes()).isEqualTo(bytesOf(SMALL));
  }

  @Test
  void aRenewedTokenTakesAndGivesBackTheDifference() {
    MemoryShare share = shareFor(1 << 20);
    Places places = places(share);
    assertThat(places.enter(ANN, SMALL, ADDRESS)).isNull();
    assertThat(renew(places, SMALL, LARGE)).isNull();
    assertThat(share.usedBytes()).isEqualTo(bytesOf(LARGE));
    assertThat(renew(places, LARGE, SMALL)).isNull();
    assertThat(share.usedBytes()).isEqualTo(bytesOf(SMALL));
    places.leave(ANN, SMALL, ADDRESS);
    assertThat(share.usedBytes()).isZero();
    assertThat(share.heldByAddress(ANN)).isZero();
  }

  @Test
  void aFullNodeRenewsWhatAsksForNoMore() {
    MemoryShare share = shareFor(bytesOf(LARGE) + bytesOf(SMALL));
    Places places = places(share);
    assertThat(places.enter(ANN, LARGE, ADDRESS)).isNull();
    assertThat(places.enter(ANN, SMALL, ADDRESS)).isNull();
    isRefused(renew(places, SMALL, LARGE), share);
    assertThat(share.usedBytes()).isEqualTo(bytesOf(LARGE) + bytesOf(SMALL));
    assertThat(renew(places, SMALL, SMALL)).isNull();
    assertThat(renew(places, LARGE, LARGE)).isNull();
    assertThat(renew(places, LARGE, SMALL)).isNull();
    assertThat(renew(places, SMALL, LARGE)).isNull();
    places.leave(ANN, LARGE, ADDRESS);
    places.leave(ANN, SMALL, ADDRESS);
    assertThat(share.usedBytes()).isZero();
  }

  @Test
  void aFullNodeRenewsWhatAsksForHardlyMoreButNotAgainAndAgain() {
    Principal longer = bearer(0, "ann" + "n".repeat(60));
    Principal tooLong = bearer(0, "ann" + "n".repeat(120));
    MemoryShare share = shareFor(bytesOf(SMALL));
    Places places = places(share);
    int room = SMALL.heapBytes();
    assertThat(places.enter(ANN, SMALL, ADDRESS)).isNull();
    isRefused(places.renew(ANN, SMALL, tooLong, room), share);
    assertThat(places.renew(ANN, SMALL, longer, room)).isNull();
    assertThat(share.usedBytes()).isEqualTo(bytesOf(longer));
    isRefused(places.renew(ANN, longer, tooLong, room), share);
    isRefused(places.enter(ANN, SMALL, ADDRESS), share);
    places.leave(ANN, longer, ADDRESS);
    assertThat(share.usedBytes()).isZero();
    assertThat(share.heldByCredential(ANN)).isZero();
  }
}
