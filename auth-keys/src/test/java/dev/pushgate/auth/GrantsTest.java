package dev.pushgate.auth;

import static dev.pushgate.auth.Permission.HISTORY;
import static dev.pushgate.auth.Permission.PRESENCE;
import static dev.pushgate.auth.Permission.PUBLISH;
import static dev.pushgate.auth.Permission.SUBSCRIBE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.outcome.Refusal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrantsTest {
  @Test
  void whatIsGrantedAnywhereIsKnown() {
    Grants grants = parsed(Map.of("a", List.of("publish"), "b-*", List.of("history")));
    assertThat(grants.allowAnywhere(Permission.PUBLISH)).isTrue();
    assertThat(grants.allowAnywhere(Permission.HISTORY)).isTrue();
    assertThat(grants.allowAnywhere(Permission.SUBSCRIBE)).isFalse();
  }

  @Test
  void aNameGrantsOnThatChannelOnly() {
    Grants grants = new Grants(Map.of("room", Set.of(SUBSCRIBE)));
    assertThat(allows(grants, SUBSCRIBE, "room")).isTrue();
    assertThat(allows(grants, PUBLISH, "room")).isFalse();
    assertThat(allows(grants, SUBSCRIBE, "room-1")).isFalse();
    assertThat(allows(grants, SUBSCRIBE, "Room")).isFalse();
  }

  @Test
  void aPrefixGrantsOnWhatBeginsWithIt() {
    Grants grants = new Grants(Map.of("room-*", Set.of(SUBSCRIBE)));
    assertThat(allows(grants, SUBSCRIBE, "room-1")).isTrue();
    assertThat(allows(grants, SUBSCRIBE, "room-")).isTrue();
    assertThat(allows(grants, SUBSCRIBE, "room")).isFalse();
    assertThat(allows(grants, SUBSCRIBE, "my-room-1")).isFalse();
  }

  @Test
  void aStarAloneGrantsEverywhere() {
    Grants grants = new Grants(Map.of("*", Set.of(PRESENCE)));
    assertThat(allows(grants, PRESENCE, "anything:at.all")).isTrue();
    assertThat(allows(grants, HISTORY, "anything:at.all")).isFalse();
  }

  @Test
  void nameAndPrefixesAddUp() {
    Grants grants =
        new Grants(
            Map.of(
                "*", Set.of(PRESENCE),
                "room-*", Set.of(SUBSCRIBE),
                "room-vip-*", Set.of(PUBLISH),
                "room-vip-1", Set.of(HISTORY)));
    assertThat(allowedOn(grants, "lobby")).containsExactly(PRESENCE);
    assertThat(allowedOn(grants, "room-1")).containsExactly(SUBSCRIBE, PRESENCE);
    assertThat(allowedOn(grants, "room-vip-2")).containsExactly(SUBSCRIBE, PUBLISH, PRESENCE);
    assertThat(allowedOn(grants, "room-vip-1")).containsExactly(Permission.values());
  }

  @Test
  void noPatternAndNoPermissionGrantNothing() {
    assertThat(allowedOn(new Grants(Map.of()), "room")).isEmpty();
    assertThat(allowedOn(new Grants(Map.of("*", Set.of(), "room", Set.of())), "room")).isEmpty();
  }

  @Test
  void theMapIsWhatWasGivenAlsoWhenAListIsEmpty() {
    Map<String, Set<Permission>> given =
        Map.of(
            "*", Set.of(), "a", Set.of(), "b-*", Set.of(SUBSCRIBE), "c", Set.of(PUBLISH, HISTORY));
    assertThat(new Grants(given).asMap()).isEqualTo(given);
  }

  @Test
  void whatATokenHoldsIsReadBackAsItWas() {
    Grants grants =
        new Grants(Map.of("*", Set.of(), "b-*", Set.of(SUBSCRIBE), "c", Set.of(PUBLISH, HISTORY)));
    assertThat(grants.toWire())
        .isEqualTo(
            Map.of(
                "*", List.of(), "b-*", List.of("subscribe"), "c", List.of("publish", "history")));
    assertThat(parsed(grants.toWire()).asMap()).isEqualTo(grants.asMap());
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "room", "room*", "room-*", ".*", "..*", "user:1;*"})
  void namesAndBeginningsOfNamesArePatterns(String pattern) {
    assertThat(parsed(Map.of(pattern, List.of("subscribe"))).asMap()).containsOnlyKeys(pattern);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a*b", "**", "a b", "raum-ä*", "a/b", "\ud800", "a\0*"})
  void otherTextsAreNoPatterns(String pattern) {
    assertThat(sentence(Map.of(pattern, List.of("subscribe")))).contains("pattern");
  }

  static Stream<@Nullable Object> shapesThatAreNone() {
    Map<String, @Nullable Object> nothing = new HashMap<>();
    nothing.put("room", null);
    return Stream.of(
        null,
        "room",
        7L,
        List.of("room"),
        nothing,
        Map.of("room", "subscribe"),
        Map.of("room", Map.of("subscribe", true)),
        Map.of("room", List.of("fly")),
        Map.of("room", List.of("SUBSCRIBE")),
        Map.of("room", List.of(1)),
        Map.of("room", Arrays.asList("subscribe", null)),
        Map.of(1, List.of("subscribe")));
  }

  @ParameterizedTest
  @MethodSource("shapesThatAreNone")
  void anythingButAMapOfPatternsToPermissionsIsRefused(@Nullable Object value) {
    assertThat(sentence(value)).startsWith("grants must map channel patterns");
  }

  @Test
  void thereIsALimitToWhatOneTokenGrants() {
    Map<String, List<String>> grants = new HashMap<>();
    while (grants.size() < 20) {
      grants.put("c" + grants.size() + "x".repeat(180), List.of());
    }
    assertThat(parsed(grants).asMap()).hasSize(20);
    grants.put("one-more" + "x".repeat(190), new ArrayList<>());
    grants.put("and-more" + "x".repeat(190), new ArrayList<>());
    assertThat(sentence(grants)).contains("too many");
  }

  /// Between what they took on a heap of ZGC, with compact headers, and some more than without.
  @Test
  void whatItTakesOnTheHeapGrowsWithItsPatternsAndTheirLength() {
    assertThat(new Grants(Map.of()).heapBytes()).isBetween(34, 100);
    assertThat(many(500, "", "").heapBytes()).isBetween(36_350, 46_000);
    assertThat(many(450, "", "*").heapBytes()).isBetween(32_505, 45_000);
    assertThat(many(19, "x".repeat(181), "").heapBytes()).isBetween(4_963, 5_500);
  }

  private static Grants many(int patterns, String before, String behind) {
    Map<String, List<String>> grants = new HashMap<>();
    for (int i = 0; i < patterns; i++) {
      grants.put(before + i + behind, List.of());
    }
    return parsed(grants);
  }

  @Test
  void equalSetsOfPermissionsAreOne() {
    Map<String, Set<Permission>> map =
        parsed(
                Map.of(
                    "a",
                    List.of("subscribe", "history"),
                    "b*",
                    List.of("history", "subscribe", "history")))
            .asMap();
    assertThat(map.get("a")).isSameAs(map.get("b*")).isEqualTo(Set.of(HISTORY, SUBSCRIBE));
  }

  private static boolean allows(Grants grants, Permission permission, String channel) {
    return grants.allow(permission, new ChannelName(channel));
  }

  private static List<Permission> allowedOn(Grants grants, String channel) {
    return Stream.of(Permission.values())
        .filter(permission -> allows(grants, permission, channel))
        .toList();
  }

  static Grants parsed(Object value) {
    return switch (Grants.parse(value)) {
      case Outcome.Done<Grants>(Grants grants) -> grants;
      case Outcome.Refused<Grants> refused -> throw new AssertionError(refused);
    };
  }

  private static String sentence(@Nullable Object value) {
    return switch (Grants.parse(value)) {
      case Outcome.Done<Grants>(Grants grants) -> throw new AssertionError(grants.asMap());
      case Outcome.Refused<Grants> refused -> {
        assertThat(refused.refusal()).isEqualTo(Refusal.VALIDATION_ERROR);
        assertThat(refused.details()).containsOnlyKeys("grants");
        yield refused.sentence();
      }
    };
  }
}
