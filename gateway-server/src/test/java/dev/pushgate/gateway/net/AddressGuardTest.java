package dev.pushgate.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AddressGuardTest {
  private final AtomicLong now = new AtomicLong();
  private final AddressGuard guard = new AddressGuard(2, 10, 1_000, now::get);

  @Test
  void anAddressIsToldOfItsFailuresUntilItsBurstIsUsedUp() {
    fail("10.0.0.1", 9);
    assertThat(guard.failed("10.0.0.1")).isTrue();
    assertThat(guard.failed("10.0.0.1")).isFalse();
    assertThat(guard.failed("10.0.0.2")).isTrue();
  }

  @Test
  void timeForgives() {
    fail("10.0.0.1", 50);
    now.addAndGet(499_000_000);
    assertThat(guard.failed("10.0.0.1")).isFalse();
    now.addAndGet(1_000_000);
    assertThat(guard.failed("10.0.0.1")).isTrue();
  }

  @Test
  void addressesOfOneIpv6NetworkCountAsOne() {
    fail("2001:db8:1:2::1", 5);
    fail("2001:db8:1:2:ffff::9", 5);
    assertThat(guard.failed("2001:db8:1:2::7")).isFalse();
    assertThat(guard.failed("2001:db8:1:3::1")).isTrue();
  }

  @Test
  void connectionsOfAnAddressAreCountedAgainstTheLimit() {
    ConnectionsPerAddress connections = new ConnectionsPerAddress(2);
    assertThat(connections.enter("a")).isTrue();
    assertThat(connections.enter("a")).isTrue();
    assertThat(connections.enter("a")).isFalse();
    assertThat(connections.enter("b")).isTrue();
    connections.leave("a");
    assertThat(connections.enter("a")).isTrue();
    connections.leave("a");
    connections.leave("a");
    connections.leave("a");
    assertThat(connections.enter("a")).isTrue();
  }

  @Test
  void connectionsOfOneIpv6NetworkCountTogether() {
    ConnectionsPerAddress connections = new ConnectionsPerAddress(1);
    assertThat(connections.enter("2001:db8:1:2::1")).isTrue();
    assertThat(connections.enter("2001:db8:1:2:3::9")).isFalse();
    assertThat(connections.enter("2001:db8:1:3::1")).isTrue();
    connections.leave("2001:db8:1:2::1");
    assertThat(connections.enter("2001:db8:1:2:3::9")).isTrue();
  }

  @Test
  void withoutALimitConnectionsAreNotCounted() {
    ConnectionsPerAddress connections = new ConnectionsPerAddress(0);
    for (int i = 0; i < 1_000; i++) {
      assertThat(connections.enter("a")).isTrue();
    }
  }

  private void fail(String address, int times) {
    for (int i = 0; i < times; i++) {
      guard.failed(address);
    }
  }
}
