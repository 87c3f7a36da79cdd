package dev.pushgate.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.name.AppId;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PrincipalTest {
  private static final AppId APP = new AppId("shop");

  @Test
  void whoHasAKeyGetsNoAccountsByTokensForManyClients() {
    assertThat(credential(token(null, "key-1", "c-1", null))).isEqualTo("key-1");
    assertThat(credential(token(null, "key-1", "c-2", null))).isEqualTo("key-1");
    assertThat(credential(token(null, "key-1", null, null))).isEqualTo("key-1");
  }

  @Test
  void usersAndThoseWhomAnAppGrantedSomethingHaveAccountsOfTheirOwn() {
    Grants grants = new Grants(Map.of());
    assertThat(credential(token(null, "key-1", "c", "ann"))).isEqualTo("user:ann");
    assertThat(credential(token(grants, "key-1", "c", "ann"))).isEqualTo("user:ann");
    assertThat(credential(token(grants, "key-1", "c", null))).isEqualTo("client:c");
    assertThat(credential(token(grants, "key-1", null, null))).isEqualTo("key-1");
  }

  @Test
  void aTokenThatTheAppSignedByItselfIsItsClients() {
    assertThat(credential(token(null, null, "c", null))).isEqualTo("client:c");
  }

  private static Principal token(
      @Nullable Grants grants,
      @Nullable String key,
      @Nullable String client,
      @Nullable String user) {
    return new Principal.TokenBearer(APP, grants, key, Instant.MAX, client, user);
  }

  private static @Nullable String credential(Principal principal) {
    return principal.memoryHolder(null).credential();
  }
}
