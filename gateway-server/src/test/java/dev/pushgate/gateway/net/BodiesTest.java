package dev.pushgate.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;

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
  private MemoryShare share = share(MemoryParts.WHOLE);
  private Bodies bodies = new Bodies(share);

  private static MemoryShare share(MemoryParts parts) {
    return new MemoryShare(MemoryKind.BODIES, 4 << 20, parts);
  }

  private void parts(int app, int credential, int address) {
    share = share(new MemoryParts(app, credential, address));
    bodies = new Bodies(share);
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
    List<RequestBody> taken = new ArrayList<>();
    RequestBody next = body(holder);
    while (append(next, bytes) == RequestBody.Part.TAKEN) {
      taken.add(next);
      next = body(holder);
    }
    assertThat(taken).isNotEmpty();
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
    assertThat(append(small, SMALL)).isEqualTo(RequestBody.Part.TAKEN);
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
