package dev.pushgate.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.auth.Grants;
import dev.pushgate.auth.Principal;
import dev.pushgate.core.name.AppId;
import dev.pushgate.rest.PublishLimiter;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PublishRateTest {
  private static final int A_LOT = 1_000_000;
  private static final AppId OTHER_APP = new AppId("other");

  private final PublishLimiter limiter = PublishRate.limiter(A_LOT);

  @Test
  void whoHasPublishedTooMuchWaitsAndTheOthersDoNot() {
    exhaust(bearer("u1", "phone"));
    assertThat(isHeldBack(bearer("u1", "phone"))).isTrue();
    assertThat(isHeldBack(bearer("u2", "phone"))).isFalse();
  }

  @Test
  void aUserIsOneOnAllDevices() {
    exhaust(bearer("u1", "phone"));
    assertThat(isHeldBack(bearer("u1", "laptop"))).isTrue();
  }

  @Test
  void clientsWhoseTokenNamesNoUserAreHeldApart() {
    exhaust(bearer(null, "phone"));
    assertThat(isHeldBack(bearer(null, "phone"))).isTrue();
    assertThat(isHeldBack(bearer(null, "laptop"))).isFalse();
    assertThat(isHeldBack(bearer("phone", "laptop"))).as("a user of a client's name").isFalse();
  }

  @Test
  void usersAreHeldApartWhoseTokensOneKeyHasMinted() {
    exhaust(minted("u1"));
    assertThat(isHeldBack(minted("u1"))).isTrue();
    assertThat(isHeldBack(minted("u2"))).isFalse();
  }

  private static Principal minted(String userId) {
    return new Principal.TokenBearer(
        AppId.DEFAULT, new Grants(Map.of()), "key", Instant.MAX, "client", userId);
  }

  @Test
  void appsAreHeldApart() {
    exhaust(bearer("u1", "phone"));
    assertThat(isHeldBack(bearer(OTHER_APP, "u1", "phone"))).isFalse();
  }

  @Test
  void withoutARateNobodyWaits() {
    PublishLimiter none = PublishRate.limiter(0);
    for (int i = 0; i < 3; i++) {
      assertThat(none.retryAfter(bearer("u1", "phone"), A_LOT)).isEmpty();
    }
  }

  /// All that a second allows, more than once: a bucket fills while this runs, but not that fast.
  private void exhaust(Principal principal) {
    while (limiter.retryAfter(principal, A_LOT).isEmpty()) {
      // Once more.
    }
  }

  private boolean isHeldBack(Principal principal) {
    return limiter.retryAfter(principal, A_LOT).isPresent();
  }

  private static Principal bearer(@Nullable String userId, String clientId) {
    return bearer(AppId.DEFAULT, userId, clientId);
  }

  private static Principal bearer(AppId app, @Nullable String userId, String clientId) {
    return new Principal.TokenBearer(
        app, new Grants(Map.of()), null, Instant.MAX, clientId, userId);
  }
}
