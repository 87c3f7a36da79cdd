package dev.pushgate.gateway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.auth.ApiKey;
import dev.pushgate.auth.KeyStore;
import dev.pushgate.auth.KeyText;
import dev.pushgate.auth.Secret;
import dev.pushgate.core.name.AppId;
import dev.pushgate.gateway.app.StoreLocation;
import dev.pushgate.gateway.endtoend.Rest.Reply;
import dev.pushgate.gateway.session.SocketClient;
import dev.pushgate.gateway.store.SqlStore;
import dev.pushgate.gateway.store.dialect.Claim;
import dev.pushgate.gateway.testing.NoLeaks;
import dev.pushgate.gateway.testing.TestPostgres;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Keys that are made and revoked while the node runs, by itself and by another process.
@ParameterizedClass
@EnumSource(KeyChangeIT.Database.class)
@ExtendWith(NoLeaks.class)
class KeyChangeIT {
  enum Database {
    SQLITE,
    POSTGRES
  }

  /// How soon a change made by another process must be seen.
  private static final Duration SOON = Duration.ofSeconds(5);

  private static final String GRANTS = "{\"grants\":{\"*\":[\"publish\"]},\"userId\":\"u\"}";

  private final Database database;
  private NodeInProcess node;
  private SqlStore beside;
  private Rest management;

  KeyChangeIT(Database database) {
    this.database = database;
  }

  @BeforeEach
  void start(@TempDir Path directory) {
    node = NodeInProcess.start(environment(directory));
    beside = SqlStore.open(StoreLocation.of(node.settings()).config(Claim.NONE), Clock.systemUTC());
    management = node.rest(Node.MANAGEMENT_KEY);
  }

  private Map<String, String> environment(Path directory) {
    return switch (database) {
      case SQLITE -> Node.environment("PUSHGATE_DATA_DIR", directory.toString());
      case POSTGRES -> Node.environmentOn(TestPostgres.freshDatabase());
    };
  }

  @AfterEach
  void stop() {
    beside.close();
    node.close();
  }

  @Test
  void aKeyOfAnotherProcessIsSeenAndItsRevocationClosesItsSockets() {
    String publish = "pub_beside-0123456789abcdef";
    String secret = "sec_beside-0123456789abcdef";
    String publishId = addBeside(publish);
    String secretId = addBeside(secret);
    Awaitility.await()
        .atMost(SOON)
        .until(() -> node.rest(secret).publish("keys", "1").status() == 201);

    try (SocketClient client = node.connect(publish);
        SocketClient byToken = node.connect(tokenOf(publish));
        SocketClient byTokenOfSecret =
            node.connect(
                node.rest(secret).post("/api/v1/auth/token", GRANTS).text("data", "token"));
        SocketClient other = node.connect()) {
      revokeBeside(publishId);
      revokeBeside(secretId);

      assertThat(client.nextWith("close")).startsWith("close 4010 ");
      assertThat(byToken.nextWith("close")).startsWith("close 4010 ");
      assertThat(byTokenOfSecret.nextWith("close")).startsWith("close 4010 ");
      Awaitility.await()
          .atMost(SOON)
          .until(() -> node.rest(secret).publish("keys", "1").status() == 401);
      assertThat(other.subscribe("keys")).contains("\"subscribed\"");
    }
  }

  @Test
  void aKeyMadeOverRestWorksAtOnceAndEndsAtOnce() {
    Reply made = management.post("/api/v1/keys", "{\"kind\":\"publish\",\"label\":\"browser\"}");
    assertThat(made.status()).isEqualTo(201);
    String key = made.text("data", "key");
    try (SocketClient client = node.connect(key)) {
      client.subscribe("keys");
      assertThat(management.delete("/api/v1/keys/" + made.text("data", "id")).status())
          .isEqualTo(204);
      assertThat(node.rest(key).get("/api/v1/channels").status()).isEqualTo(401);
      assertThat(client.nextWith("close")).startsWith("close 4010 ");
    }
    Reply listed = management.get("/api/v1/keys");
    assertThat(listed.status()).isEqualTo(200);
    assertThat(listed.body()).contains("\"label\":\"browser\"").doesNotContain(key);
  }

  @Test
  void anExpiringKeyEndsByItself() {
    Reply made =
        management.post(
            "/api/v1/keys",
            "{\"kind\":\"publish\",\"expiresAt\":\"%s\"}".formatted(Instant.now().plusSeconds(2)));
    assertThat(made.status()).isEqualTo(201);
    String key = made.text("data", "key");
    try (SocketClient client = node.connect(key)) {
      assertThat(client.nextWith("close")).startsWith("close 4010 ");
      assertThat(node.rest(key).get("/api/v1/channels").status()).isEqualTo(401);
    }
  }

  @Test
  void theLastManagementKeyCannotBeRevokedAndASecretKeySeesNoKeys() {
    assertThat(node.rest().get("/api/v1/keys").status()).isEqualTo(403);
    Reply listed = management.get("/api/v1/keys");
    String id = "";
    for (Object item : listed.list("data", "items")) {
      if ("management".equals(JsonTree.at(item, "kind"))) {
        id = String.valueOf(JsonTree.at(item, "id"));
      }
    }
    assertThat(management.delete("/api/v1/keys/" + id).status()).isEqualTo(409);
  }

  private String tokenOf(String publishKey) {
    return node.rest("")
        .post("/api/v1/auth/token", "{\"publishKey\":\"" + publishKey + "\"}")
        .text("data", "token");
  }

  private String addBeside(String text) {
    ApiKey key = KeyText.describe(AppId.DEFAULT, new Secret(text), "beside", Instant.now(), null);
    beside.keys().createKey(key).toCompletableFuture().join();
    return key.id();
  }

  private void revokeBeside(String id) {
    assertThat(
            beside.keys().revokeKey(AppId.DEFAULT, id, Instant.now()).toCompletableFuture().join())
        .isEqualTo(KeyStore.Revocation.REVOKED);
  }
}
