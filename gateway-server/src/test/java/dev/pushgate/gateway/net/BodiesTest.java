package dev.pushgate.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pushgate.core.memory.MemoryHolder;
import dev.pushgate.core.memory.MemoryKind;
import dev.pushgate.core.memory.MemoryParts;
import dev.pushgate.core.memory.MemoryShare;
import dev.pushgate.core.name.AppId;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Whose bodies are taken and whose are given up when there is no room for all.
class BodiesTest {
  private static final int LARGE = 256 * 1024;
  private static final int SMALL = 1024;
  private static final AppId APP = new AppId("app_one");
  private static final MemoryHolder GOOD = new MemoryHolder(APP, "good", "192.0.2.1");

  private final List<RequestBody> givenUp = new ArrayList<>();
  private long nanoTime;
  private boolean isStill;
  private MemoryShare share = share(MemoryParts.WHOLE);
  private Bodies bodies = new Bodies(share, this::later);

  /// Nobody waits here to look again, but where time stands still.
  private long later() {
    nanoTime += isStill ? 0 : 1_000_000_000;
    return nanoTime;
  }

  private static MemoryShare share(MemoryParts parts) {
    return new MemoryShare(MemoryKind.BODIES, 4 << 20, parts);
  }

  private void parts(int app, int credential, int address) {
    share = share(new MemoryParts(app, credential, address));
    bodies = new Bodies(share, this::later);
  }

  private RequestBody body(MemoryHolder holder) {
    RequestBody[] made = new RequestBody[1];
    made[0] = new RequestBody(1 << 20, holder, bodies, () -> givenUp.add(made[0]));
    return made[0];
  }

  private static RequestBody.Part append(RequestBody body, int bytes) {
    return body.append(Unpooled.wrappedBuffer(new byte[bytes]));
  }

  /// Begins bodies until no more are taken.
  private List<RequestBody> fill(MemoryHolder holder, int bytes) {
    List<RequestBody> taken = fillAgain(holder, bytes);
    assertThat(taken).isNotEmpty();
    return taken;
  }

  private List<RequestBody> fillAgain(MemoryHolder holder, int bytes) {
    List<RequestBody> taken = new ArrayList<>();
    RequestBody next = body(holder);
    while (append(next, bytes) == RequestBody.Part.TAKEN) {
      taken.add(next);
      next = body(holder);
    }
    next.giveBack();
    return taken;
  }

  private void end(List<RequestBody> all) {
    all.forEach(RequestBody::giveBack);
    assertThat(share.usedBytes()).isZero();
  }

  @Test
  void largeBodiesLeaveRoomForSmallOnes() {
    List<RequestBody> all = fill(new MemoryHolder(APP, "greedy", "192.0.2.2"), LARGE);
    all.forEach(RequestBody::whole); // given up no more
    for (int i = 0; i < 256; i++) {
      RequestBody small = body(GOOD);
      assertThat(append(small, SMALL)).isEqualTo(RequestBody.Part.TAKEN);
      all.add(small);
    }
    assertThat(givenUp).isEmpty();
    end(all);
  }

  @Test
  void largeBodiesLeaveRoomForSmallOnesOfTheSameAddressKeyAndApp() {
    for (MemoryParts each :
        List.of(
            new MemoryParts(100, 100, 50),
            new MemoryParts(100, 50, 100),
            new MemoryParts(50, 100, 100))) {
      parts(each.app(), each.credential(), each.address());
      List<RequestBody> all = fill(GOOD, LARGE);
      assertThat(share.usedBytes()).isBetween(1L << 20, 2L << 20);
      all.forEach(RequestBody::whole);
      RequestBody small = body(GOOD);
      assertThat(append(small, SMALL)).isEqualTo(RequestBody.Part.TAKEN);
      all.add(small);
      end(all);
    }
  }

  @Test
  void whoHoldsMostMakesRoom() {
    List<RequestBody> all = fill(new MemoryHolder(APP, "greedy", "192.0.2.2"), SMALL);
    RequestBody small = body(GOOD);
    assertThat(append(small, SMALL)).isEqualTo(RequestBody.Part.TAKEN);
    assertThat(givenUp).isNotEmpty().allMatch(all::contains);
    assertThat(givenUp.getFirst().whole()).isNull();
    all.add(small);
    end(all);
  }

  @Test
  void anotherKeyOfTheSameAddressMakesRoomWhenTheAddressHasItsPart() {
    parts(100, 100, 50);
    List<RequestBody> all = fill(new MemoryHolder(APP, "greedy", GOOD.address()), SMALL);
    List<RequestBody> elsewhere = List.of(body(new MemoryHolder(APP, "greedy", "192.0.2.2")));
    assertThat(append(elsewhere.getFirst(), SMALL)).isEqualTo(RequestBody.Part.TAKEN);
    RequestBody small = body(GOOD);
    assertThat(append(small, SMALL)).isEqualTo(RequestBody.Part.TAKEN);
    assertThat(givenUp).isNotEmpty().doesNotContainAnyElementsOf(elsewhere);
    all.addAll(elsewhere);
    all.add(small);
    end(all);
  }

  @Test
  void ofOneKeyAtOneAddressTheLargerBodyMakesRoomForTheSmaller() {
    parts(100, 100, 50);
    List<RequestBody> all = fill(GOOD, 16 * 1024);
    RequestBody small = body(GOOD);
    await().until(() -> append(small, SMALL) == RequestBody.Part.TAKEN); // it looks now and then
    assertThat(givenUp).isNotEmpty();
    all.add(small);
    end(all);
  }

  @Test
  void whoHasMoreThanOthersMakesNobodyGo() {
    RequestBody good = body(GOOD);
    assertThat(append(good, LARGE)).isEqualTo(RequestBody.Part.TAKEN);
    MemoryHolder greedy = new MemoryHolder(APP, "greedy", "192.0.2.2");
    List<RequestBody> all = fill(greedy, LARGE);
    all.addAll(fill(greedy, SMALL));
    assertThat(givenUp).doesNotContain(good);
    assertThat(good.whole()).isNotNull();
    all.add(good);
    end(all);
  }

  /// Of the same address too, and however fast the other begins anew.
  @Test
  void aSmallBodyOfSomebodyWhoHoldsLittleAlwaysGetsIn() {
    isStill = true;
    parts(90, 75, 50);
    for (String address : List.of(GOOD.address(), "192.0.2.2")) {
      MemoryHolder greedy = new MemoryHolder(APP, "greedy", address);
      List<RequestBody> all = fill(greedy, 16 * 1024);
      for (int i = 0; i < 300; i++) {
        List<RequestBody> twelve = new ArrayList<>();
        for (int k = 0; k < 12; k++) {
          RequestBody small = body(GOOD);
          assertThat(append(small, 12_000)).isEqualTo(RequestBody.Part.TAKEN);
          twelve.add(small);
          all.addAll(fillAgain(greedy, 16 * 1024));
        }
        twelve.forEach(each -> assertThat(each.whole()).isNotNull());
        twelve.forEach(RequestBody::giveBack);
        all.addAll(fillAgain(greedy, 16 * 1024));
      }
      end(all);
    }
  }

  @Test
  void whoHoldsItsPartInWholeBodiesMakesNobodyGo() {
    MemoryHolder greedy = new MemoryHolder(APP, "greedy", "192.0.2.2");
    RequestBody good = body(GOOD);
    assertThat(append(good, LARGE)).isEqualTo(RequestBody.Part.TAKEN);
    List<RequestBody> all = fill(greedy, LARGE);
    all.addAll(fill(greedy, 16 * 1024));
    givenUp.clear();
    all.forEach(RequestBody::whole);
    RequestBody another = body(greedy);
    assertThat(append(another, 16 * 1024)).isEqualTo(RequestBody.Part.NO_ROOM);
    assertThat(givenUp).isEmpty();
    all.addAll(List.of(good, another));
    end(all);
  }

  @Test
  void smallBodiesAreNotGivenUpForLargeOnesThatNeedAnothersRoom() {
    MemoryHolder greedy = new MemoryHolder(APP, "greedy", "192.0.2.2");
    List<RequestBody> small = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      small.add(body(greedy));
      assertThat(append(small.getLast(), SMALL)).isEqualTo(RequestBody.Part.TAKEN);
    }
    List<RequestBody> large = fill(greedy, LARGE);
    large.forEach(RequestBody::whole);
    RequestBody good = body(GOOD);
    assertThat(append(good, LARGE)).isEqualTo(RequestBody.Part.NO_ROOM);
    assertThat(givenUp).isEmpty();
    small.addAll(large);
    small.add(good);
    end(small);
  }

  @Test
  void noMoreIsGivenUpThanMakesTheGreediestLikeTheNewcomer() {
    List<RequestBody> all = new ArrayList<>();
    for (int i = 0; share.hasRoomFor(MemoryHolder.NODE, 16 * 1024); i++) {
      all.add(body(new MemoryHolder(APP, "one-" + i / 2, "192.0.2." + i / 2)));
      assertThat(append(all.getLast(), 16 * 1024)).isEqualTo(RequestBody.Part.TAKEN);
    }
    RequestBody good = body(GOOD);
    assertThat(append(good, 16 * 1024)).isEqualTo(RequestBody.Part.TAKEN);
    assertThat(givenUp).hasSizeBetween(1, 40);
    for (int i = 0; i + 1 < all.size(); i += 2) {
      assertThat(givenUp.contains(all.get(i)) && givenUp.contains(all.get(i + 1))).isFalse();
    }
    all.add(good);
    end(all);
  }

  @Test
  void oneBodyMayHaveWhatIsSaidToBeTheLargest() {
    parts(90, 75, 50);
    RequestBody largest = body(GOOD);
    int bytes = Math.toIntExact(Bodies.largestBytes(share));
    assertThat(bytes).isGreaterThan(1 << 20);
    assertThat(bodies.take(largest, 0, bytes)).isTrue();
    bodies.giveBack(largest, bytes, 0);
    assertThat(bodies.take(largest, 0, bytes + 1L)).isFalse();
    assertThat(share.usedBytes()).isZero();
  }
}
