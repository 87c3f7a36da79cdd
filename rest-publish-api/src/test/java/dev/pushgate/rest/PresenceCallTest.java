package dev.pushgate.rest;

import dev.pushgate.auth.Permission;
import dev.pushgate.core.presence.MemberId;
import dev.pushgate.core.presence.Present;
import dev.pushgate.core.presence.Roster;
import dev.pushgate.core.presence.RosterStamp;
import java.util.List;
import org.junit.jupiter.api.Test;

class PresenceCallTest {
  private static final String PRESENCE = "/api/v1/channels/orders:1/presence";
  private static final String NOBODY =
      "{\"success\":true,\"data\":{\"members\":[],\"epoch\":\"\",\"version\":0}}";

  private final Api api = new Api();

  @Test
  void whoIsPresentComesWithWhatItSaysOfItself() {
    api.rosters.rosters.put(
        Api.key("orders:1"),
        new Roster(
            new RosterStamp("e1", 7),
            List.of(
                new Present(new MemberId.User("u \"1\""), "{\"n\": 1}"),
                new Present(new MemberId.Client("c1"), null)),
            true));
    api.get(PRESENCE)
        .gives(
            200,
            "{\"success\":true,\"data\":{\"members\":["
                + "{\"userId\":\"u \\\"1\\\"\",\"info\":{\"n\": 1}},{\"clientId\":\"c1\"}],"
                + "\"epoch\":\"e1\",\"version\":7}}");
  }

  @Test
  void aChannelInWhichNobodyIsPresentIsEmptyWhetherItIsDeclaredOrNot() {
    api.get(PRESENCE).gives(200, NOBODY);
    api.declare("orders", true);
    api.get("/api/v1/channels/orders/presence").gives(200, NOBODY);
  }

  @Test
  void presenceNeedsASecretKeyOrAGrant() {
    api.get(PRESENCE).bearer(Api.MGMT).gives(200, NOBODY);
    api.get(PRESENCE).bearer(api.token("orders:*", Permission.PRESENCE)).gives(200, NOBODY);
    api.get(PRESENCE).bearer(api.token("other", Permission.PRESENCE)).isRefused(403, "FORBIDDEN");
    api.get(PRESENCE).bearer(api.token("*", Permission.SUBSCRIBE)).isRefused(403, "FORBIDDEN");
    api.get(PRESENCE).bearer(Api.PUB).isRefused(403, "FORBIDDEN");
  }

  @Test
  void rostersThatAreAwayAre503() {
    api.rosters.isAway = true;
    api.get(PRESENCE).isRefused(503, "RELAY_UNAVAILABLE");
  }

  @Test
  void whatIsNoChannelIsRefused() {
    api.get("/api/v1/channels/a%20b/presence").isInvalid("slug");
  }
}
