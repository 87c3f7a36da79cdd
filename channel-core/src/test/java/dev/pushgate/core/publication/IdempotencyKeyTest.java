package dev.pushgate.core.publication;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IdempotencyKeyTest {
  private static final byte[] DATA = "1".getBytes(StandardCharsets.UTF_8);

  private static String stored(String owner, String key) {
    return IdempotencyKey.of(owner, key, "e", "c", DATA).value();
  }

  /// As it was before keys had owners: what is remembered across an upgrade is still found.
  @Test
  void aServersKeyIsStoredAsItWasGiven() {
    assertThat(stored(IdempotencyKey.SERVERS, "order-7-paid")).isEqualTo("order-7-paid");
  }

  @Test
  void nobodysKeyIsAnothers() {
    Set<String> stored = new HashSet<>();
    for (String owner : new String[] {"", "user a", "client a", "user a#", "nobody"}) {
      for (String key : new String[] {"k", "#k", "user a", "a", "user ak"}) {
        stored.add(stored(owner, key));
      }
    }
    assertThat(stored).hasSize(25);
  }

  @Test
  void anOwnersKeyIsTheSameEachTimeAndShortHoweverLongItIs() {
    String long1 = "\ud83d\ude00".repeat(IdempotencyKey.MAX_LENGTH);
    assertThat(stored("user a", long1)).isEqualTo(stored("user a", long1)).hasSize(43);
    assertThat(stored("user a", long1 + "#99")).isNotEqualTo(stored("user a", long1));
  }

  @Test
  void anotherMessageHasAnotherDigest() {
    String one = IdempotencyKey.of("", "k", "e", "c", DATA).digest();
    assertThat(IdempotencyKey.of("", "k", "ec", "", DATA).digest()).isNotEqualTo(one);
    assertThat(IdempotencyKey.of("", "k", "e", "c", new byte[] {'2'}).digest()).isNotEqualTo(one);
    assertThat(IdempotencyKey.of("user a", "k", "e", "c", DATA).digest()).isEqualTo(one);
  }
}
