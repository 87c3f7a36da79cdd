package dev.pushgate.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.auth.KeyText;
import dev.pushgate.auth.Permission;
import dev.pushgate.auth.Principal.TokenBearer;
import dev.pushgate.auth.Secret;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.outcome.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenCallTest {
  private static final String TOKEN = "/api/v1/auth/token";
  private static final Pattern ANSWER =
      Pattern.compile(
          "\\{\"success\":true,\"data\":\\{\"token\":\"([^\"]+)\",\"expiresAt\":\"([^\"]+)\","
              + "\"endpoint\":\"http://push.example\",\"clientId\":\"([^\"]+)\"}}");

  private final Api api = new Api();

  private TestCall post(String body) {
    return api.post(TOKEN, body).without("Authorization");
  }

  private Matcher minted(TestCall call) {
    ApiResponse answer = call.answer();
    Matcher matcher = ANSWER.matcher(new String(answer.body(), StandardCharsets.UTF_8));
    assertThat(matcher.matches()).as(new String(answer.body(), StandardCharsets.UTF_8)).isTrue();
    assertThat(answer.status()).isEqualTo(200);
    return matcher;
  }

  private TokenBearer bearer(Matcher minted) {
    if (api.authenticator.authenticate(minted.group(1), "192.0.2.1")
        instanceof Outcome.Done<?>(TokenBearer bearer)) {
      return bearer;
    }
    throw new AssertionError("the token does not work");
  }

  @Test
  void aPublishKeyInTheBodyMintsWithoutBearer() {
    Matcher minted = minted(post("{\"publishKey\":\"" + Api.PUB + "\",\"clientId\":\"me\"}"));
    assertThat(minted.group(3)).isEqualTo("me");
    TokenBearer bearer = bearer(minted);
    assertThat(bearer.clientId()).isEqualTo("me");
    assertThat(bearer.grants()).isNull();
    assertThat(bearer.keyId()).isEqualTo(api.directory.byText(Api.PUB).orElseThrow().id());
    assertThat(Shapes.time(bearer.expiresAt())).isEqualTo(minted.group(2));
    assertThat(Duration.between(Api.NOW, bearer.expiresAt()))
        .isBetween(Duration.ofSeconds(3599), Duration.ofSeconds(3600));
  }

  @Test
  void aTokenEndsWithAnExpiringPublishKey() {
    String text = "pub_expiring0123456789ab";
    api.keyStore.put(
        KeyText.describe(AppId.DEFAULT, new Secret(text), "", Api.NOW, Api.NOW.plusSeconds(90)));
    api.refresh();
    assertThat(minted(post("{\"publishKey\":\"" + text + "\"}")).group(2))
        .isEqualTo("2026-11-22T02:50:25.000Z");
  }

  @Test
  void theClientIdIsMadeUpWhenNoneIsGiven() {
    String body = "{\"publishKey\":\"" + Api.PUB + "\"}";
    Matcher first = minted(post(body));
    assertThat(first.group(3)).isNotEqualTo(minted(post(body)).group(3));
    assertThat(bearer(first).clientId()).isEqualTo(first.group(3));
  }

  @Test
  void aSecretKeyMintsWithGrants() {
    TokenBearer bearer =
        bearer(
            minted(
                api.post(
                    TOKEN,
                    "{\"clientId\":\"me\",\"userId\":\"u1\",\"ttlSeconds\":60,\"grants\":{"
                        + "\"room-*\":[\"subscribe\",\"publish\"],\"one\":[\"history\"]}}")));
    assertThat(bearer.userId()).isEqualTo("u1");
    assertThat(bearer.keyId()).isEqualTo(api.directory.byText(Api.SEC).orElseThrow().id());
    assertThat(bearer.may(Permission.PUBLISH, new ChannelName("room-7"), true)).isTrue();
    assertThat(bearer.may(Permission.HISTORY, new ChannelName("one"), true)).isTrue();
    assertThat(bearer.may(Permission.PUBLISH, new ChannelName("one"), false)).isFalse();
    assertThat(Duration.between(Api.NOW, bearer.expiresAt()))
        .isLessThanOrEqualTo(Duration.ofSeconds(60));
  }

  @Test
  void aTokenOfASecretKeyEndsWhenThatIsRevoked() {
    Matcher minted = minted(api.post(TOKEN, "{\"grants\":{\"a\":[\"publish\"]}}"));
    String id = api.directory.byText(Api.SEC).orElseThrow().id();
    api.call("DELETE", "/api/v1/keys/" + id).bearer(Api.MGMT).gives(204, "");
    api.publish("{\"channel\":\"a\",\"data\":1}")
        .bearer(minted.group(1))
        .isRefused(401, "INVALID_TOKEN");
  }

  @Test
  void aMisspeltTimeToLiveIsNoTimeToLive() {
    assertThat(api.post(TOKEN, "{\"ttl\":5}").isRefused(422, "VALIDATION_ERROR"))
        .contains("\"ttl\":[\"is not known here; did you mean ttlSeconds?\"]");
    for (String wrong : new String[] {"ttlSecond", "ttl_seconds", "grant", "user", "client_id"}) {
      api.post(TOKEN, "{\"" + wrong + "\":5}").isInvalid(wrong);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "expiresIn,ttlSeconds",
    "exp,ttlSeconds",
    "uid,userId",
    "sub,userId",
    "permissions,grants",
    "channels,grants"
  })
  void whatOtherServicesCallItIsNotPassedOver(String name, String meant) {
    assertThat(api.post(TOKEN, "{\"" + name + "\":5}").isRefused(422, "VALIDATION_ERROR"))
        .contains("\"" + name + "\":[\"is not known here; did you mean " + meant + "?\"]");
  }

  /// The form in which unknown fields pass: there a token would live for an hour instead.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "expire",
        "expires",
        "expiration",
        "expiration_time",
        "tokenExpiry",
        "expriation",
        "ttl",
        "TTL",
        "ttlMs",
        "ttl_ms",
        "tll",
        "timeToLive",
        "tokenTtl",
        "duration",
        "maxAge",
        "max_age_seconds",
        "validity",
        "validFor",
        "timeout"
      })
  void howLongATokenLivesIsNotPassedOverWithAPublishKey(String name) {
    String body = "{\"publishKey\":\"" + Api.PUB + "\",\"" + name + "\":5}";
    assertThat(post(body).isRefused(422, "VALIDATION_ERROR"))
        .contains("\"" + name + "\":[\"is not known here; did you mean ttlSeconds?\"]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sdkVersion", "throttle", "export", "battle", "metadata", "device"})
  void whatIsNoTimeIsPassedOverWithAPublishKey(String name) {
    minted(post("{\"publishKey\":\"" + Api.PUB + "\",\"" + name + "\":5}"));
  }

  @Test
  void onlyWithAPublishKeyInTheBodyUnknownFieldsArePassedOver() {
    String fields = "\"sdkVersion\":\"1.0.8\",\"ttl\":5,\"ttlSeconds\":5}";
    minted(post("{\"publishKey\":\"" + Api.PUB + "\"," + fields));
    assertThat(api.post(TOKEN, "{" + fields).isRefused(422, "VALIDATION_ERROR"))
        .contains("\"sdkVersion\":[\"is not known here\"]", "\"ttl\":[");
  }

  @Test
  void grantsThatNameAChannelTwiceAreRefused() {
    api.post(TOKEN, "{\"grants\":{\"a\":[\"subscribe\"],\"\\u0061\":[\"publish\"]}}")
        .isInvalid("grants");
  }

  @Test
  void namesCountWhatPeopleCallCharacters() {
    String body = "{\"clientId\":\"%s\",\"userId\":\"%s\"}";
    String longest = "\ud83d\ude00".repeat(128);
    TokenBearer bearer = bearer(minted(api.post(TOKEN, body.formatted(longest, longest))));
    assertThat(bearer.userId()).isEqualTo(longest);
    api.post(TOKEN, body.formatted(longest + "x", "u")).isInvalid("clientId");
    api.post(TOKEN, body.formatted("c", longest + "x")).isInvalid("userId");
  }

  @Test
  void withoutGrantsATokenMayWhatAPublishKeyMay() {
    TokenBearer bearer = bearer(minted(api.post(TOKEN, "{}")));
    assertThat(bearer.may(Permission.SUBSCRIBE, new ChannelName("c"), false)).isTrue();
    assertThat(bearer.may(Permission.PUBLISH, new ChannelName("c"), false)).isFalse();
  }

  @Test
  void theLongestTokenLivesADay() {
    TokenBearer bearer = bearer(minted(api.post(TOKEN, "{\"ttlSeconds\":86400}")));
    assertThat(Duration.between(Api.NOW, bearer.expiresAt()))
        .isGreaterThan(Duration.ofSeconds(86_398));
    api.post(TOKEN, "{\"ttlSeconds\":86401}").isInvalid("ttlSeconds");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ttlSeconds | {'ttlSeconds':0}",
        "ttlSeconds | {'ttlSeconds':-5}",
        "ttlSeconds | {'ttlSeconds':1.5}",
        "ttlSeconds | {'ttlSeconds':'60'}",
        "ttlSeconds | {'ttlSeconds':99999999999999999999}",
        "clientId   | {'clientId':''}",
        "clientId   | {'clientId':'\\u0000'}",
        "clientId   | {'clientId':5}",
        "userId     | {'userId':'\\ud800'}",
        "grants     | {'grants':[]}",
        "grants     | {'grants':{'a b':['publish']}}",
        "grants     | {'grants':{'a*b':['publish']}}",
        "grants     | {'grants':{'a':'publish'}}",
        "grants     | {'grants':{'a':[]}}",
        "grants     | {'grants':{'a':['write']}}",
        "grants     | {'grants':{'a':[1]}}",
        "grants     | {'grants':{'a':['publish'],'a':['history']}}",
        "publishKey | {'publishKey':5}"
      })
  void theFieldToBlameIsNamed(String field, String body) {
    api.post(TOKEN, body.replace('\'', '"')).isInvalid(field);
  }

  @Test
  void severalWrongFieldsAreNamedTogether() {
    assertThat(
            api.post(TOKEN, "{\"clientId\":\"\",\"userId\":\"\",\"ttlSeconds\":0}")
                .isRefused(422, "VALIDATION_ERROR"))
        .contains("\"clientId\":[", "\"userId\":[", "\"ttlSeconds\":[");
  }

  @Test
  void grantsHaveALimit() {
    String grants = "{\"" + "a".repeat(199) + "*\":[\"publish\"],\"%s\":[\"publish\"]}";
    String many = "{\"x\":[\"publish\"]" + ",\"%d\":[\"publish\"]".repeat(150) + "}";
    Object[] numbers = IntStream.range(0, 150).boxed().toArray();
    assertThat(minted(api.post(TOKEN, "{\"grants\":" + grants.formatted("b") + "}"))).isNotNull();
    api.post(TOKEN, "{\"grants\":" + many.formatted(numbers) + "}").isInvalid("grants");
  }

  @Test
  void aPublishKeyGrantsNothingAndNamesNobody() {
    String key = "{\"publishKey\":\"" + Api.PUB + "\",";
    post(key + "\"grants\":{\"*\":[\"publish\"]}}").isInvalid("grants");
    post(key + "\"userId\":\"admin\"}").isInvalid("userId");
    api.post(TOKEN, "{\"grants\":{\"*\":[\"publish\"]}}").bearer(Api.PUB).isInvalid("grants");
  }

  @Test
  void aSecretKeyDoesNotBelongInTheBody() {
    post("{\"publishKey\":\"" + Api.SEC + "\"}").isInvalid("publishKey");
  }

  @Test
  void keysThatDoNotWorkMintNothing() {
    post("{}").isRefused(401, "UNAUTHORIZED");
    post("{\"publishKey\":\"pub_unknown0123456789ab\"}").isRefused(401, "INVALID_TOKEN");
    post("{\"publishKey\":\"nonsense\"}").isRefused(401, "INVALID_TOKEN");
    api.keyStore.put(FakeKeyStore.revoked(api.directory.byText(Api.PUB).orElseThrow(), Api.NOW));
    api.refresh();
    post("{\"publishKey\":\"" + Api.PUB + "\"}").isRefused(401, "INVALID_TOKEN");
  }

  @Test
  void aTokenMintsNoOther() {
    String token = api.token("*", Permission.PUBLISH);
    api.post(TOKEN, "{}").bearer(token).isRefused(403, "FORBIDDEN");
  }
}
