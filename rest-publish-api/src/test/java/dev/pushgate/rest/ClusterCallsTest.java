package dev.pushgate.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.auth.Permission;
import dev.pushgate.core.cluster.Notice;
import dev.pushgate.core.cluster.Target;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.StreamPosition;
import dev.pushgate.core.relay.RelayUnavailableException;
import dev.pushgate.core.store.StoreUnavailableException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterCallsTest {
  private static final String ACCEPTED = "{\"success\":true,\"data\":{\"accepted\":true}}";

  private static final String DISCONNECT = "/api/v1/connections/disconnect";
  private static final String UNSUBSCRIBE = "/api/v1/connections/unsubscribe";

  private final Api api = new Api();

  @Test
  void aChannelsStatsAreTheClustersAndTheNodes() {
    api.cluster.here.put(Api.key("a:b"), 2);
    api.cluster.elsewhere.put(Api.key("a:b"), 3);
    api.cluster.newest.put(Api.key("a:b"), new StreamPosition("e", 41));
    api.get("/api/v1/channels/a%3Ab/stats")
        .gives(
            200,
            "{\"success\":true,\"data\":{\"channel\":\"a:b\",\"subscribers\":5,"
                + "\"subscribersOnNode\":2,\"epoch\":\"e\",\"offset\":41}}");
  }

  @Test
  void aChannelThatNobodyUsesHasStatsToo() {
    api.get("/api/v1/channels/empty/stats")
        .gives(
            200,
            "{\"success\":true,\"data\":{\"channel\":\"empty\",\"subscribers\":0,"
                + "\"subscribersOnNode\":0,\"epoch\":null,\"offset\":null}}");
    api.get("/api/v1/channels/a%20b/stats").isInvalid("slug");
  }

  @Test
  void aPositionThatCannotBeReadNowIs503() {
    api.cluster.positionsFail = new RelayUnavailableException("redis.internal:6379 is away");
    assertThat(api.get("/api/v1/channels/a/stats").isRefused(503, "RELAY_UNAVAILABLE"))
        .doesNotContain("redis.internal");
    assertThat(api.get("/api/v1/channels/a/stats").answer().headers()).containsKey("Retry-After");
    api.cluster.positionsFail = new StoreUnavailableException("away");
    api.get("/api/v1/channels/a/stats").isRefused(503, "STORE_UNAVAILABLE");
  }

  @Test
  void occupiedChannelsAreListedInTheOrderOfTheirNames() {
    api.cluster.here.put(Api.key("room-2"), 1);
    api.cluster.here.put(Api.key("room-1"), 2);
    api.cluster.elsewhere.put(Api.key("room-1"), 1);
    api.cluster.elsewhere.put(Api.key("hall"), 4);
    api.get("/api/v1/occupied-channels?prefix=room-")
        .gives(
            200,
            "{\"success\":true,\"data\":{\"items\":[{\"channel\":\"room-1\",\"subscribers\":3},"
                + "{\"channel\":\"room-2\",\"subscribers\":1}]}}");
    api.get("/api/v1/occupied-channels?limit=1")
        .gives(
            200,
            "{\"success\":true,\"data\":{\"items\":[{\"channel\":\"hall\",\"subscribers\":4}]}}");
  }

  @Test
  void aHundredOccupiedChannelsAreListedUnlessMoreAreAskedFor() {
    for (int i = 0; i < 1_001; i++) {
      api.cluster.here.put(Api.key("c" + i), 1);
    }
    assertThat(listed("")).isEqualTo(100);
    assertThat(listed("?limit=1000")).isEqualTo(1_000);
  }

  private long listed(String query) {
    byte[] body = api.get("/api/v1/occupied-channels" + query).answer().body();
    return Arrays.stream(new String(body, StandardCharsets.UTF_8).split("\\{"))
        .filter(part -> part.startsWith("\"channel\""))
        .count();
  }

  @Test
  void theParameterToBlameIsNamed() {
    api.get("/api/v1/occupied-channels?limit=0").isInvalid("limit");
    api.get("/api/v1/occupied-channels?limit=1001").isInvalid("limit");
    api.get("/api/v1/occupied-channels?limit=many").isInvalid("limit");
    api.get("/api/v1/occupied-channels?prefix=" + "x".repeat(201)).isInvalid("prefix");
    api.get("/api/v1/occupied-channels?prefx=room-").isInvalid("prefx");
    api.get("/api/v1/occupied-channels?limt=1").isInvalid("limt");
    api.get("/api/v1/occupied-channels?prefix=room-&page=2").isInvalid("page");
  }

  @Test
  void nodesAreListedAndThisOneIsMarked() {
    api.get("/api/v1/nodes")
        .bearer(Api.MGMT)
        .gives(
            200,
            "{\"success\":true,\"data\":{\"items\":[{\"id\":\"node1\",\"version\":\"1.0\","
                + "\"startedAt\":\"2026-11-22T02:48:55.123Z\",\"connections\":5,"
                + "\"canaryAgeMs\":120,\"self\":true},"
                + "{\"id\":\"node2\",\"version\":\"1.1\","
                + "\"startedAt\":\"2026-11-22T02:48:55.124Z\",\"connections\":7,"
                + "\"canaryAgeMs\":80,\"self\":false}]}}");
  }

  @Test
  void aDisconnectIsToldToAllNodes() {
    api.post(DISCONNECT, "{\"userId\":\"u\"}").gives(202, ACCEPTED);
    api.post(DISCONNECT, "{\"clientId\":\"c\",\"userId\":null}").gives(202, ACCEPTED);
    api.post(DISCONNECT, "{\"connectionId\":\"node2-1a\"}").gives(202, ACCEPTED);
    assertThat(api.cluster.told)
        .containsExactly(
            new Notice.Disconnect(AppId.DEFAULT, new Target.User("u")),
            new Notice.Disconnect(AppId.DEFAULT, new Target.Client("c")),
            new Notice.Disconnect(AppId.DEFAULT, new Target.Connection("node2-1a")));
  }

  @Test
  void anUnsubscribeIsToldToAllNodesForOneChannelOrForAll() {
    api.post(UNSUBSCRIBE, "{\"userId\":\"u\",\"channel\":\"a:b\"}").gives(202, ACCEPTED);
    api.post(UNSUBSCRIBE, "{\"userId\":\"u\"}").gives(202, ACCEPTED);
    assertThat(api.cluster.told)
        .containsExactly(
            new Notice.Unsubscribe(AppId.DEFAULT, new Target.User("u"), Api.key("a:b")),
            new Notice.Unsubscribe(AppId.DEFAULT, new Target.User("u"), null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "userId       | {}",
        "userId       | {'userId':null}",
        "userId       | {'userId':''}",
        "userId       | {'userId':5}",
        "userId       | {'userId':'\\u0000'}",
        "clientId     | {'userId':'u','clientId':'c'}",
        "connectionId | {'clientId':'c','connectionId':'n-1'}",
        "channel      | {'userId':'u','channel':'a b'}",
        "channel      | {'userId':'u','channel':5}"
      })
  void theFieldToBlameIsNamedAndNobodyIsTold(String field, String body) {
    api.post(UNSUBSCRIBE, body.replace('\'', '"')).isInvalid(field);
    if (!field.equals("channel")) {
      api.post(DISCONNECT, body.replace('\'', '"')).isInvalid(field);
    }
    assertThat(api.cluster.told).isEmpty();
  }

  @Test
  void aTargetsNameHasItsLimit() {
    String body = "{\"userId\":\"%s\"}";
    api.post(DISCONNECT, body.formatted("x".repeat(128))).gives(202, ACCEPTED);
    api.post(DISCONNECT, body.formatted("x".repeat(129))).isInvalid("userId");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/v1/channels/a/stats", "/api/v1/occupied-channels"})
  void onlySecretKeysCount(String path) {
    assertThat(api.get(path).bearer(Api.MGMT).answer().status()).isEqualTo(200);
    assertThat(api.get(path).answer().status()).isEqualTo(200);
    for (String credential : new String[] {Api.PUB, api.token("*", Permission.values())}) {
      api.get(path).bearer(credential).isRefused(403, "FORBIDDEN");
    }
  }

  @Test
  void onlySecretKeysEndConnectionsAndOnlyManagementKeysSeeNodes() {
    for (String credential : new String[] {Api.PUB, api.token("*", Permission.values())}) {
      for (String path : new String[] {DISCONNECT, UNSUBSCRIBE}) {
        api.post(path, "{\"userId\":\"u\"}").bearer(credential).isRefused(403, "FORBIDDEN");
      }
      api.get("/api/v1/nodes").bearer(credential).isRefused(403, "FORBIDDEN");
    }
    api.get("/api/v1/nodes").isRefused(403, "FORBIDDEN");
    assertThat(api.cluster.told).isEmpty();
  }
}
